import type { Context } from '@temporalio/activity';

/**
 * Aborts when an attempt has to stop: its step is cancelled or reset, or the worker ends. An operator who pauses a step
 * keeps it from another attempt; the attempt that is running may end, because nobody could tell what it has done.
 */
export function stopSignal(context: Pick<Context, 'cancellationSignal' | 'cancellationDetails'>): AbortSignal {
  const { cancellationSignal } = context;
  const controller = new AbortController();
  const stop = (): void => {
    if (!isOnlyPaused(context)) controller.abort(cancellationSignal.reason);
  };
  if (cancellationSignal.aborted) stop();
  else cancellationSignal.addEventListener('abort', stop, { once: true });
  return controller.signal;
}

function isOnlyPaused({ cancellationDetails }: Pick<Context, 'cancellationDetails'>): boolean {
  const { paused, cancelRequested, reset, workerShutdown, timedOut, notFound } = cancellationDetails ?? {};
  return paused === true && !(cancelRequested || reset || workerShutdown || timedOut || notFound);
}

/** Whether an operator has reset the step: this attempt does not count, and the step begins anew. */
export const wasReset = ({ cancellationDetails }: Pick<Context, 'cancellationDetails'>): boolean =>
  cancellationDetails?.reset === true;
