import { ApplicationFailure, Context } from '@temporalio/activity';
import { type Breaker, BreakerOpen } from './breaker.ts';

/**
 * For internal work that runs as part of a workflow task when it can: while the database does not answer it is refused
 * there at once, because each such task holds one of the worker's few places for workflow tasks. The run then goes the
 * patient way, or does without.
 */
export const refusedWhileAway =
  (breaker: Breaker) =>
  <I, O>(work: (input: I) => Promise<O>) =>
  async (input: I): Promise<O> => {
    if (!Context.current().info.isLocal) return work(input);
    try {
      return await breaker.guard(() => work(input));
    } catch (error) {
      if (error instanceof BreakerOpen) throw ApplicationFailure.nonRetryable(error.message, 'store.away');
      throw error;
    }
  };
