import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { EffectCall, EffectOutcome } from '../../../graph/sandbox.ts';
import type { EffectFailure } from '../../contract.ts';

/** What a failed activity means for its step. */
export function outcomeOfFailure(
  thrown: unknown,
  call: Pick<EffectCall, 'path' | 'attemptsBefore' | 'attempts'>,
): EffectOutcome {
  if (isCancellation(thrown)) {
    return {
      ok: false,
      cancelled: true,
      error: {
        code: 'cancelled',
        message: 'The step was cancelled; its outcome is not known.',
        unknown: true,
        retryable: false,
      },
    };
  }
  const cause = thrown instanceof ActivityFailure || thrown instanceof ChildWorkflowFailure ? thrown.cause : thrown;
  if (cause instanceof ApplicationFailure) return { ok: false, ...failureOf(cause) };
  if (cause instanceof TimeoutFailure) {
    const givenUp = thrown instanceof ActivityFailure && thrown.retryState === 'NON_RETRYABLE_FAILURE';
    return { ok: false, ...timedOut(cause, call, !givenUp) };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { ok: false, error: { code: 'interpreter', message, unknown: true, retryable: false } };
}

function failureOf(failure: ApplicationFailure): Pick<Extract<EffectOutcome, { ok: false }>, 'error' | 'meta'> {
  const details = failure.details?.[0] as EffectFailure | undefined;
  if (!details?.code) {
    return {
      error: {
        code: failure.type ?? 'error',
        message: failure.message,
        unknown: true,
        retryable: !failure.nonRetryable,
      },
    };
  }
  const { meta, ...error } = details;
  return { error, meta };
}

/** An attempt that did not answer in time may have had its effect. */
function timedOut(
  failure: TimeoutFailure,
  call: Pick<EffectCall, 'attemptsBefore' | 'attempts'>,
  mayRepeat: boolean,
): Pick<Extract<EffectOutcome, { ok: false }>, 'error' | 'meta'> {
  const whole = failure.timeoutType === 'SCHEDULE_TO_CLOSE';
  const lost = failure.timeoutType === 'HEARTBEAT';
  const last =
    failure.cause instanceof ApplicationFailure ? ` Last failure: ${failureOf(failure.cause).error.message}` : '';
  const message = whole
    ? `The node took longer than its timeout.${last}`
    : lost
      ? 'The worker that ran the step was lost.'
      : 'The attempt took longer than its timeout.';
  const retryable = mayRepeat && !whole;
  const attempts = Math.max(1, call.attempts - waitsOf(failure));
  return {
    error: { code: 'timeout', message, unknown: true, retryable, ...(lost ? { lost } : {}) },
    meta: { attempt: call.attemptsBefore + (retryable ? attempts : 1), startedAt: '', endedAt: '' },
  };
}

/** How many of the attempts that Temporal counts were none, because the step had to wait for its turn (`activities/base`). */
function waitsOf({ lastHeartbeatDetails }: TimeoutFailure): number {
  const waits = (lastHeartbeatDetails as { waits?: unknown } | undefined)?.waits;
  return typeof waits === 'number' ? waits : 0;
}
