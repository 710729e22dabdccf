import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { stopSignal, wasReset } from './stop-signal.ts';

/** An attempt that is told to stop, and why. */
function told(why: Partial<ActivityCancellationDetails>) {
  const controller = new AbortController();
  const context = {
    cancellationSignal: controller.signal,
    cancellationDetails: undefined as ActivityCancellationDetails | undefined,
  };
  const signal = stopSignal(context);
  context.cancellationDetails = new ActivityCancellationDetails(why);
  controller.abort(new CancelledFailure('CANCELLED'));
  return { stopped: signal.aborted, later: stopSignal(context).aborted, reset: wasReset(context) };
}

describe('an attempt', () => {
  it.each(['cancelRequested', 'reset', 'workerShutdown', 'timedOut', 'notFound'] as const)('stops if %s', (why) => {
    expect(told({ [why]: true })).toEqual({ stopped: true, later: true, reset: why === 'reset' });
    expect(told({ [why]: true, paused: true }).stopped).toBe(true);
  });

  it('may end while its step is paused', () => {
    expect(told({ paused: true })).toEqual({ stopped: false, later: false, reset: false });
  });
});
