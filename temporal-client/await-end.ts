import { type Client, isGrpcCancelledError, isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';

/** How long one question waits for its answer at first, and at most: as long as the server lets anybody wait. */
const FIRST_MS = 500;
const LONGEST_MS = 20_000;

/** A server answers so long before the deadline of a question. Whoever asks again within that time is answered at once, a thousand times. */
const ROOM_MS = 1_000;

/** A status of gRPC. */
const NOT_FOUND = 5;

/**
 * Waits for the end of a workflow. Then `client.workflow.result` says at once how it ended, or that nobody knows it.
 *
 * The server is asked again after half a second, another second, another two, and so on. It tells those who wait of new
 * events through channels with room for one; while one is full, it drops what it would tell, even the end of the
 * workflow (`dispatchHistoryEventNotification` in its `events/notifier.go`). Who asks once learns of such an end 20 s
 * later. Here, nobody learns of it much later than after twice the time.
 *
 * @returns false if the workflow has not ended within `withinMs`, or if `signal` has ended the waiting
 * @throws what the client throws if the server does not answer
 */
export async function awaitEnd(
  client: Client,
  workflowId: string,
  { withinMs = Number.POSITIVE_INFINITY, signal }: { readonly withinMs?: number; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (let ms = FIRST_MS; ; ms = Math.min(LONGEST_MS, ms * 2)) {
    const askedAt = Date.now();
    const left = until - askedAt;
    if (left <= 0 || signal?.aborted) return false;
    try {
      if (await hasEnded(client, workflowId, { ms: Math.min(ms, left), signal })) return true;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND) return true;
      // No answer came in time, which native connections call cancelled, or the signal has cancelled the question.
      const mayAskAgain = signal?.aborted || Date.now() >= askedAt + Math.min(ms, left);
      if (!mayAskAgain || (!isGrpcDeadlineError(error) && !isGrpcCancelledError(error))) throw error;
    }
  }
}

/** Whether the newest execution of a workflow has closed, or closes within `ms`. */
async function hasEnded(
  client: Client,
  workflowId: string,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const ask = () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
      waitNewEvent: true,
      skipArchival: true,
      historyEventFilterType: proto.temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
    });
  const inTime = () => client.withDeadline(Date.now() + ms + ROOM_MS, ask);
  const { history } = await (signal ? client.withAbortSignal(signal, inTime) : inTime());
  const end = history?.events?.[0];
  return end != null && !end.workflowExecutionContinuedAsNewEventAttributes;
}
