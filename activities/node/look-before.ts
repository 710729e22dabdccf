import type { Info } from '@temporalio/activity';
import type { EffectRequest } from '../../workflows/contract.ts';

/** What an attempt leaves behind for the next one, as the details of its last heartbeat. */
interface Note {
  /** No attempt has had an effect, up to and including this one. */
  readonly untouched: number;
}

type Attempted = Pick<Info, 'attempt' | 'heartbeatDetails'>;

/**
 * Whether an earlier attempt may have had its effect. Temporal does not tell an attempt how the one before it failed, so
 * that one leaves a note. A note that is missing or older counts against it: its worker may have been lost.
 */
export function looksBefore(info: Attempted, { attemptsBefore = 0 }: Pick<EffectRequest, 'attemptsBefore'>): boolean {
  // The notes of another activity of the step are not passed on.
  if (info.attempt === 1) return attemptsBefore > 0;
  const note = info.heartbeatDetails as Partial<Note> | undefined;
  return note?.untouched !== info.attempt - 1;
}

/** The note of an attempt that failed, or undefined if it has none to leave. */
export function noteAfter(
  { attempt }: Pick<Info, 'attempt'>,
  { lookBefore, unknown }: { readonly lookBefore: boolean; readonly unknown: boolean },
): Note | undefined {
  return lookBefore || unknown ? undefined : { untouched: attempt };
}
