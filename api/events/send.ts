import { randomUUID } from 'node:crypto';
import { addFirings, type FiringRow, firingsOf, matchWaits, storeEvent, type Tenant } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
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
  readonly attributes?: JsonObject | undefined;
}

/** What became of an event. */
export interface Delivered {
  readonly id: string;
  /** Number of waiting runs it was sent to. */
  readonly delivered: number;
  /** The triggers it fired. */
  readonly triggers: readonly Settled[];
}

/** Events of one request that are sent at once. */
const EVENTS_AT_ONCE = 4;

/**
 * Keeps events together with the triggers they fire, then sends each to the runs that wait for it and starts the runs of
 * its triggers. Either all events are kept, or none. A run whose wait begins later finds the kept event; a run that is not
 * started now is started later. Sending the same id again reaches the runs that wait now, and starts nothing twice; a run
 * takes an id once.
 *
 * @returns what became of each event, in their order
 * @throws RunsError `temporal.unavailable`: the events are kept; send them again with the same ids
 * @throws ApiProblem `idempotency.mismatch` if another event came under an id
 */
export async function sendEvents(ctx: Context, events: readonly SentEvent[]): Promise<Delivered[]> {
  const named = events.map((event, at) => ({ ...event, id: event.id ?? randomUUID(), at }));
  // In one order, because two requests with the same ids would otherwise wait for each other.
  const ordered = named.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.at - b.at));
  const kept: Kept[] = new Array(events.length);
  await ctx.tenant(async (tx) => {
    for (const { at, ...event } of ordered) kept[at] = await keep(tx, event);
  });
  return inParallel(kept, EVENTS_AT_ONCE, (one) => deliver(ctx, one));
}

/** An event that is on disk, with what it fires. */
interface Kept {
  readonly event: EventMessage;
  readonly firings: readonly FiringRow[];
}

async function keep(tx: Tenant, sent: SentEvent & { id: string }): Promise<Kept> {
  const { id, name, key = null, data = null, source = null, attributes } = sent;
  const more = attributes && Object.keys(attributes).length > 0 ? attributes : null;
  const { stored, ...event } = await storeEvent(tx, { id, name, key, data, source, attributes: more });
  if (!stored && contentOf(event) !== contentOf({ name, key, data })) throw otherEvent(id);
  const firings = stored
    ? await addFirings(tx, { uses: 'event', subject: name, key: id, held: true })
    : await firingsOf(tx, { key: id });
  return { event, firings };
}

async function deliver(ctx: Context, { event, firings }: Kept): Promise<Delivered> {
  // In a transaction of its own, after the event is committed: a wait that begins meanwhile looks for events after the
  // wait is indexed, so one of the two finds the other.
  const waiting = await ctx.tenant((tx) => matchWaits(tx, { name: event.name, key: event.key ?? null }));
  const reached = await inParallel(waiting, CONCURRENCY, ({ workflowId }) => ctx.runs.event(workflowId, event));
  const start = (row: FiringRow) => (row.dueAt === null ? settledOf(row) : startFiring(ctx, row));
  return {
    id: event.id,
    delivered: reached.filter(Boolean).length,
    triggers: await inParallel(firings, CONCURRENCY, async (row) => start(row)),
  };
}

const contentOf = ({ name, key, data }: Pick<EventMessage, 'name' | 'key' | 'data'>): string =>
  hashOf({ name, key: key ?? null, data });
