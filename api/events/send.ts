import { randomUUID } from 'node:crypto';
import { matchWaits, storeEvent } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { EventMessage } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { otherEvent } from './other-event.ts';

/** Runs an event is sent to at once. */
const CONCURRENCY = 16;

/**
 * Keeps an event, then sends it to each run that waits for it. A run whose wait begins later finds the kept event.
 * Sending the same id again reaches the runs that wait now; a run takes an id once.
 *
 * @throws RunsError `temporal.unavailable`: the event is kept; send it again with the same id
 * @throws ApiProblem `idempotency.mismatch` if another event came under this id
 */
export async function sendEvent(
  ctx: Context,
  input: { name: string; key?: string; data?: Json; id?: string },
): Promise<{ id: string; delivered: number }> {
  const { name, key = null, data = null, id = randomUUID() } = input;
  const { stored, ...event } = await ctx.tenant((tx) => storeEvent(tx, { id, name, key, data }));
  if (!stored && contentOf(event) !== contentOf({ name, key, data })) throw otherEvent(id);
  // In a transaction of its own, after the event is committed: a wait that begins meanwhile looks for events after the
  // wait is indexed, so one of the two finds the other.
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

const contentOf = ({ name, key, data }: Pick<EventMessage, 'name' | 'key' | 'data'>): string =>
  hashOf({ name, key: key ?? null, data });

async function sendAll(ctx: Context, workflowIds: readonly string[], event: EventMessage): Promise<number> {
  let delivered = 0;
  const queue = [...workflowIds];
  const sender = async () => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) if (await ctx.runs.event(id, event)) delivered++;
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, queue.length) }, sender));
  return delivered;
}
