import { randomUUID } from 'node:crypto';
import { matchWaits, storeEvent } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { EventMessage } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';

/** Runs an event is sent to at once. */
const CONCURRENCY = 16;

/**
 * Keeps an event, then sends it to each run that waits for it. A run whose wait begins later finds it kept. Sending
 * the same id again sends to those that wait now; a run takes an id once.
 *
 * @throws RunsError `temporal.unavailable`: the event is kept; send it again with the same id
 */
export async function sendEvent(
  ctx: Context,
  input: { name: string; key?: string; data?: Json; id?: string },
): Promise<{ id: string; delivered: number }> {
  const { stored: _, ...event } = await ctx.tenant((tx) =>
    storeEvent(tx, {
      id: input.id ?? randomUUID(),
      name: input.name,
      key: input.key ?? null,
      data: input.data ?? null,
    }),
  );
  // In a transaction of its own, after the event is committed: a wait that begins meanwhile looks for events after it
  // is indexed, so one of the two finds the other.
  const waiting = await ctx.tenant((tx) => matchWaits(tx, { name: event.name, key: event.key ?? null }));
  return {
    id: event.id,
    delivered: await sendAll(
      ctx,
      waiting.map((run) => run.workflowId),
      event,
    ),
  };
}

async function sendAll(ctx: Context, workflowIds: readonly string[], event: EventMessage): Promise<number> {
  let delivered = 0;
  const queue = [...workflowIds];
  const sender = async () => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) if (await ctx.runs.event(id, event)) delivered++;
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, queue.length) }, sender));
  return delivered;
}
