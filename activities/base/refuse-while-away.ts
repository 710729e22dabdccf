import { ApplicationFailure, Context } from '@temporalio/activity';
import { type Breaker, BreakerOpen } from './breaker.ts';

/**
 * For internal work that runs as part of a workflow task if possible. While the database does not answer, such work is
 * refused at once, because each of these tasks occupies one of the worker's few places for workflow tasks. The run then
 * uses a patient activity, or does without the work.
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
