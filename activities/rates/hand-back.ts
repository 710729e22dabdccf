import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Redactor } from '../../credentials/redact.ts';
import type { Json } from '../../graph/json.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectFailure, EffectMeta } from '../../workflows/contract.ts';
import { NotYet } from './rates.ts';

/** The longest wait that Temporal keeps: it counts towards the step's timeout. A longer one is the run's own. */
const LONGEST_MS = 60_000;

/** The part of a step's timeout that one such wait may take. */
const PART = 0.1;

/** What a step waits for before it begins, and for how long. */
interface Waiting {
  readonly code: string;
  readonly message: string;
  readonly afterMs: number;
  readonly details?: Json | undefined;
}

/** A node that says nothing about when to come again. */
const USUAL_MS = 60_000;

/** What a step waits for, if that is why it ended; null: it failed. */
export function waitingIn(thrown: unknown, redactor: Redactor): Waiting | null {
  if (thrown instanceof NotYet) return { code: 'rate.waits', message: thrown.message, afterMs: thrown.afterMs };
  if (!(thrown instanceof NodeError) || !thrown.waits) return null;
  const { code, message, retryAfterMs: afterMs = USUAL_MS, details } = thrown;
  return { code, message: redactor.text(message), afterMs, details: redactor.value(details) };
}

/**
 * The failure of an attempt that has not begun, because the turn of its step has not come, or because the step waits for a
 * person. Temporal tries the step again at
 * that time, without a trace in history. If the wait is long, or Temporal has no attempts left, the run waits instead
 * (`graph/run-state/effects`). For Blok it is no attempt in either case.
 *
 * @param before `lookBefore`: an attempt before may have had its effect; `meta.attempt`: how many were made
 */
export function handedBack(
  { code, message, afterMs, details: about }: Waiting,
  { lookBefore, meta }: { readonly lookBefore: boolean; readonly meta: EffectMeta },
): Error {
  const { scheduleToCloseTimeoutMs: timeoutMs } = Context.current().info;
  const isLong = afterMs > Math.min(LONGEST_MS, timeoutMs * PART || LONGEST_MS);
  const details: EffectFailure = {
    code,
    message,
    unknown: lookBefore,
    retryable: true,
    waits: true,
    retryAfterMs: afterMs,
    ...(about !== undefined && { details: about }),
    meta,
  };
  const failure = ApplicationFailure.create({
    message,
    type: details.code,
    nonRetryable: isLong,
    details: [details],
    ...(isLong ? {} : { nextRetryDelay: afterMs }),
  });
  failure.stack = '';
  return failure;
}

/** Whether a step was handed back: it waits, and comes again. */
export const isHandedBack = (error: unknown): boolean =>
  error instanceof ApplicationFailure && (error.details?.[0] as EffectFailure | undefined)?.waits === true;
