import { Context, type Info } from '@temporalio/activity';
import type { EffectRequest } from '../../workflows/contract.ts';

/** What an attempt leaves behind for the next one, as the details of its last heartbeat. */
interface Note {
  /** No attempt has had an effect, up to and including this one. */
  readonly untouched?: number;
  /** How often the step has waited for its turn (`base/attempt.ts`). */
  readonly waits?: number;
}

type Attempted = Pick<Info, 'attempt' | 'heartbeatDetails'>;

/**
 * Whether an earlier attempt may have had its effect. Temporal does not tell an attempt how the one before it failed, so
 * that one leaves a note. A note that is missing or older counts against it: its worker may have been lost.
 */
export function looksBefore(info: Attempted, { attemptsBefore = 0 }: Pick<EffectRequest, 'attemptsBefore'>): boolean {
  // The notes of another activity of the step are not passed on.
  if (info.attempt === 1) return attemptsBefore > 0;
  const note = info.heartbeatDetails as Note | undefined;
  return note?.untouched !== info.attempt - 1;
}

/** How an attempt ended that has not succeeded. */
interface Ending {
  readonly lookBefore: boolean;
  readonly unknown: boolean;
  /** How often the step had to wait for its turn, until now (`base/attempt.ts`). */
  readonly waits: number;
}

/** The note of an attempt that has not succeeded, or undefined if it has none to leave. */
export function noteAfter(
  { attempt }: Pick<Info, 'attempt'>,
  { lookBefore, unknown, waits }: Ending,
): Note | undefined {
  const isUntouched = !lookBefore && !unknown;
  if (!isUntouched && waits === 0) return undefined;
  return { ...(isUntouched ? { untouched: attempt } : {}), ...(waits > 0 ? { waits } : {}) };
}

/** Leaves the note for the next attempt. No other heartbeat may follow. */
export function leaveNote(ending: Ending): void {
  const context = Context.current();
  const note = noteAfter(context.info, ending);
  if (note) context.heartbeat(note);
}
