import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { turn } from '../../schema/index.ts';
import { dropEnded, type InLine, joinLine, lockLine, ofLine } from './in-line.ts';
import { awaitedTurn, hasTurn, type Standing, turnTime } from './turn-time.ts';

/** What a run asks for before it begins. */
export interface TurnRequest extends InLine {
  readonly limit: number;
  readonly perMs: number;
}

/**
 * `wake`: workflow ids of runs that may go on earlier than they believe. `inMs`: when to ask again; `at`: the same as an ISO
 * time.
 */
export type TurnAnswer = { readonly wake: readonly string[] } & (
  | { readonly taken: true }
  | { readonly taken: false; readonly inMs: number; readonly at: string }
);

/** How many of the next runs in a line are told that they may go on earlier, and by how much it must be. */
const WOKEN = 100;
const EARLIER_MS = 50;

/** Most turns that are removed when somebody takes one, because they no longer count. */
const REMOVED = 20;

/**
 * Takes a turn under the workflow's `rateLimit`, or says when to ask again: by priority, then first come, first served. All
 * times are those of the database.
 *
 * Safe to repeat: a run that asks again has not heard the answer, and begins only now. So its turn counts from now on. If
 * the turn no longer counts, others have begun in the meantime, and the run needs another one.
 */
export async function takeTurn(tx: Tenant, request: TurnRequest): Promise<TurnAnswer> {
  await lockLine(tx, 'rateLimit', request);
  await joinLine(tx, turn, request);
  const place = await placeOf(tx, request);
  if (place.counts) {
    await noteTaken(tx, request, place);
    return { taken: true, wake: [] };
  }
  if (hasTurn(place)) return take(tx, request, place);
  if (!(await dropEnded(tx, turn, request, [isNull(turn.takenAt)]))) return notYet(tx, request, place);
  const now = await placeOf(tx, request);
  if (hasTurn(now)) return take(tx, request, now);
  const answer = await notYet(tx, request, now);
  return { ...answer, wake: await earlier(tx, request, now) };
}

async function take(tx: Tenant, request: TurnRequest, place: Place): Promise<TurnAnswer> {
  await noteTaken(tx, request, place);
  await removeOld(tx, request);
  return { taken: true, wake: await earlier(tx, request, { ...place, counted: place.counted + 1 }) };
}

async function noteTaken(tx: Tenant, { runId, perMs }: TurnRequest, { now }: Place): Promise<void> {
  // Rounded up, so that a turn never counts for less than its time.
  const takenAt = new Date(Math.ceil(now)).toISOString();
  const countsUntil = new Date(Math.ceil(now) + perMs).toISOString();
  await tx.db.update(turn).set({ takenAt, countsUntil, asksAt: null }).where(turnIs(tx, runId));
}

/** Takes a run out of the line. A turn that was taken counts for as long as it does. Returns the next runs in the line. */
export async function leaveTurns(tx: Tenant, { runId }: { runId: string }): Promise<string[]> {
  const [gone] = await tx.db
    .delete(turn)
    .where(and(turnIs(tx, runId), isNull(turn.takenAt)))
    .returning({ workflow: turn.workflow, key: turn.key });
  return gone ? nextForTurn(tx, gone) : [];
}

/** The workflow id of the next run in a line, if there is one. */
export async function nextForTurn(tx: Tenant, line: Pick<InLine, 'workflow' | 'key'>): Promise<string[]> {
  return (await waiting(tx, line, 1)).map(({ workflowId }) => workflowId);
}

interface Place extends Standing {
  /** The run has a turn, and the turn counts now. */
  readonly counts: boolean;
  /** Epoch ms. */
  readonly now: number;
}

async function placeOf(tx: Tenant, request: TurnRequest): Promise<Place> {
  // The clock is read after the lock was taken, and once.
  const { rows } = await tx.db.execute<Omit<Place, 'limit'> & Record<string, unknown>>(sql`
    with clock as materialized (select clock_timestamp() as now),
      me as (select taken_at, priority, seq from ${turn} where ${turnIs(tx, request.runId)})
    select coalesce(${counts(sql`me.taken_at`, request, NOW)}, false) as counts, extract(epoch from clock.now)::float8 * 1000 as now,
      (select count(*)::int from ${turn} where ${countsAt(tx, request, NOW)}) as counted,
      (select count(*)::int from ${turn} where ${ofLine(tx, turn, request)} and ${turn.takenAt} is null
        and (${turn.priority}, ${turn.seq}) < (me.priority, me.seq)) as ahead
    from me, clock`);
  return { ...rows[0]!, limit: request.limit };
}

const NOW = sql`clock.now`;

const counts = (takenAt: SQL | typeof turn.takenAt, { perMs }: TurnRequest, now: SQL) =>
  sql`${takenAt} > ${now} - ${perMs} * interval '1 millisecond'`;
const countsAt = (tx: Tenant, request: TurnRequest, now: SQL) =>
  sql`${ofLine(tx, turn, request)} and ${counts(turn.takenAt, request, now)}`;

async function notYet(tx: Tenant, request: TurnRequest, place: Place): Promise<TurnAnswer> {
  const { perMs } = request;
  const { now } = place;
  const [awaited] = await takenTimes(tx, request, { now, from: awaitedTurn(place), count: 1 });
  const at = Math.ceil(turnTime(place, { awaited, perMs, now }));
  const iso = new Date(at).toISOString();
  await tx.db.update(turn).set({ asksAt: iso, takenAt: null, countsUntil: null }).where(turnIs(tx, request.runId));
  return { taken: false, inMs: at - now, at: iso, wake: [] };
}

/** When some of the turns were taken that count, oldest first. Nothing comes before the first. */
async function takenTimes(
  tx: Tenant,
  request: TurnRequest,
  { now, from, count }: { now: number; from: number; count: number },
): Promise<(number | undefined)[]> {
  const before = Math.min(count, Math.max(0, -from));
  const none = Array.from({ length: before }, () => undefined);
  if (before === count) return none;
  const { rows } = await tx.db.execute<{ at: number }>(sql`
    select extract(epoch from ${turn.takenAt})::float8 * 1000 as at from ${turn}
    where ${countsAt(tx, request, sql`to_timestamp(${now / 1000}::float8)`)}
    order by ${turn.takenAt} offset ${Math.max(0, from)} limit ${count - before}`);
  return [...none, ...rows.map(({ at }) => at)];
}

/** The next runs in the line that believe in a later time than theirs, because runs ahead of them have left the line. */
async function earlier(tx: Tenant, request: TurnRequest, { counted, now }: Place): Promise<string[]> {
  const { limit, perMs } = request;
  const next = await waiting(tx, request, Math.min(WOKEN, limit));
  if (next.length === 0) return [];
  const from = awaitedTurn({ counted, ahead: 0, limit });
  const taken = await takenTimes(tx, request, { now, from, count: next.length });
  const believesLater = ({ asksAt }: { asksAt: string | null }, ahead: number): boolean => {
    const at = turnTime({ counted, ahead, limit }, { awaited: taken[ahead], perMs, now });
    return asksAt !== null && Date.parse(asksAt) > at + EARLIER_MS;
  };
  return next.filter(believesLater).map(({ workflowId }) => workflowId);
}

const waiting = (tx: Tenant, line: Pick<InLine, 'workflow' | 'key'>, limit: number) =>
  tx.db
    .select({ workflowId: turn.workflowId, asksAt: turn.asksAt })
    .from(turn)
    .where(and(ofLine(tx, turn, line), isNull(turn.takenAt)))
    .orderBy(turn.priority, turn.seq)
    .limit(limit);

/** Looks only at the oldest, so that this takes no longer if all of many still count. */
async function removeOld(tx: Tenant, line: InLine): Promise<void> {
  await tx.db.execute(sql`delete from ${turn} where ctid = any(array(
    select ctid from (select ctid, counts_until from ${turn} where ${ofLine(tx, turn, line)} and ${turn.takenAt} is not null
      order by ${turn.takenAt} limit ${REMOVED}) as oldest where counts_until <= now()))`);
}

const turnIs = (tx: Tenant, runId: string) => and(eq(turn.workspaceId, tx.workspace), eq(turn.runId, runId));
