import { ApplicationFailure, Context } from '@temporalio/activity';
import type { EffectFailure, EffectMeta } from '../../workflows/contract.ts';
import type { NotYet } from './rates.ts';

/** The longest wait that Temporal keeps: it counts towards the step's timeout. A longer one is the run's own. */
const LONGEST_MS = 60_000;

/** The part of a step's timeout that one such wait may take. */
const PART = 0.1;

/**
 * The failure of an attempt that has not begun, because the turn of its step has not come. Temporal tries the step again at
 * that time, without a trace in history. If the wait is long, or Temporal has no attempts left, the run waits instead
 * (`graph/run-state/effects`). For Blok it is no attempt in either case.
 *
 * @param before `lookBefore`: an attempt before may have had its effect; `meta.attempt`: how many were made
 */
export function handedBack(
  { message, afterMs }: NotYet,
  { lookBefore, meta }: { readonly lookBefore: boolean; readonly meta: EffectMeta },
): Error {
  const { scheduleToCloseTimeoutMs: timeoutMs } = Context.current().info;
  const isLong = afterMs > Math.min(LONGEST_MS, timeoutMs * PART || LONGEST_MS);
  const details: EffectFailure = {
    code: 'rate.waits',
    message,
    unknown: lookBefore,
    retryable: true,
    waits: true,
    retryAfterMs: afterMs,
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
