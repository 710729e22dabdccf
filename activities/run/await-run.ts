import { ApplicationFailure, Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { awaitEnd } from '../../temporal-client/await-end.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { keepAlive } from '../base/heartbeat.ts';

/** Implements `blokAwait`: the result of a workflow that an earlier execution of the run began. */
export const createAwait =
  ({ temporal }: ActivityDeps) =>
  async ({ workflowId }: { workflowId: string }): Promise<unknown> => {
    const stop = keepAlive();
    try {
      const { cancelled, cancellationSignal } = Context.current();
      await Promise.race([awaitEnd(temporal, workflowId, { signal: cancellationSignal }), cancelled]);
      return await temporal.workflow.result(workflowId);
    } catch (thrown) {
      if (!(thrown instanceof WorkflowFailedError)) throw thrown;
      const cause = thrown.cause as { message?: string; type?: string; details?: unknown[] } | undefined;
      throw ApplicationFailure.create({
        message: cause?.message ?? 'The workflow failed.',
        type: cause?.type ?? 'failed',
        nonRetryable: true,
        details: cause?.details ?? [],
      });
    } finally {
      stop();
    }
  };
