import { randomUUID } from 'node:crypto';
import { addFirings, type FiringRow, firingsOf, matchWaits, storeEvent } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { EventMessage } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { inParallel } from '../in-parallel.ts';
import { type Settled, settledOf, startFiring } from '../triggers/start-firing.ts';
import { otherEvent } from './other-event.ts';

/** Runs an event is sent to at once, and starts at once. */
const CONCURRENCY = 16;

/** An event as it comes in. */
export interface SentEvent {
  readonly name: string;
  readonly key?: string | undefined;
  readonly data?: Json | undefined;
  /** Default: a new one. */
  readonly id?: string | undefined;
  readonly source?: string | undefined;
}

/** What became of an event. */
export interface Delivered {
  readonly id: string;
  /** Number of waiting runs it was sent to. */
  readonly delivered: number;
  /** The triggers it fired. */
  readonly triggers: readonly Settled[];
}

/**
 * Keeps an event together with the triggers it fires, then sends it to each run that waits for it and starts the runs of
 * the triggers. A run whose wait begins later finds the kept event; a run that is not started now is started later. Sending
 * the same id again reaches the runs that wait now, and starts nothing twice; a run takes an id once.
 *
 * @throws RunsError `temporal.unavailable`: the event is kept; send it again with the same id
 * @throws ApiProblem `idempotency.mismatch` if another event came under this id
 */
export async function sendEvent(ctx: Context, input: SentEvent): Promise<Delivered> {
  const { name, key = null, data = null, id = randomUUID(), source } = input;
  const { event, firings } = await ctx.tenant(async (tx) => {
    const { stored, ...kept } = await storeEvent(tx, { id, name, key, data, source: source ?? null });
    if (!stored && contentOf(kept) !== contentOf({ name, key, data })) throw otherEvent(id);
    const fired = stored
      ? await addFirings(tx, { uses: 'event', subject: name, key: id, held: true })
      : await firingsOf(tx, { key: id });
    return { event: kept, firings: fired };
  });
  // In a transaction of its own, after the event is committed: a wait that begins meanwhile looks for events after the
  // wait is indexed, so one of the two finds the other.
  const waiting = await ctx.tenant((tx) => matchWaits(tx, { name: event.name, key: event.key ?? null }));
  const reached = await inParallel(waiting, CONCURRENCY, ({ workflowId }) => ctx.runs.event(workflowId, event));
  const start = (row: FiringRow) => (row.dueAt === null ? settledOf(row) : startFiring(ctx, row));
  return {
    id,
    delivered: reached.filter(Boolean).length,
    triggers: await inParallel(firings, CONCURRENCY, async (row) => start(row)),
  };
}

const contentOf = ({ name, key, data }: Pick<EventMessage, 'name' | 'key' | 'data'>): string =>
  hashOf({ name, key: key ?? null, data });
