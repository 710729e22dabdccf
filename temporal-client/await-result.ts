import { type Client, WorkflowFailedError } from '@temporalio/client';

/** How long the server is asked at first, and at most: as long as it takes to answer that there is nothing new. */
const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/**
 * The result of a workflow, for which the server is asked again after half a second, another second, another two, and
 * so on. A server tells those who wait of new events through channels with room for one; while one is full, it drops
 * what it would tell, even the end of the workflow (`dispatchHistoryEventNotification` in its `events/notifier.go`).
 * Who asks once learns of such an end 20 s later. Here, nobody learns of it much later than after twice the time.
 *
 * @param signal ends the waiting
 * @throws WorkflowFailedError the workflow did not succeed
 * @throws ServiceError Temporal does not answer, or `signal` has ended the call
 */
export async function awaitResult(client: Client, workflowId: string, signal?: AbortSignal): Promise<unknown> {
  for (let ms = FIRST_MS; ; ms = Math.min(LONGEST_MS, ms * 2)) {
    const over = AbortSignal.timeout(ms);
    const end = signal ? AbortSignal.any([over, signal]) : over;
    try {
      return await client.withAbortSignal(end, () => client.workflow.result(workflowId));
    } catch (error) {
      if (error instanceof WorkflowFailedError || signal?.aborted || !over.aborted) throw error;
    }
  }
}
