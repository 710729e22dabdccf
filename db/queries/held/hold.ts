import { randomUUID } from 'node:crypto';
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Json, JsonObject } from '../../../graph/json.ts';
import { MAX_BATCH_BYTES } from '../../../graph/limits.ts';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';
import { dueNow } from '../due.ts';
import { forgetBefore } from './events.ts';
import { requireRoom } from './room.ts';

/** How a graph holds firings. `atMostMs`: null if nothing ends a wait that goes on and on. */
export type HoldingTimes =
  | { readonly word: 'debounce'; readonly quietMs: number; readonly atMostMs: number | null }
  | { readonly word: 'batch'; readonly size: number; readonly withinMs: number };

/** A firing that is held, and by what. */
export interface HoldRequest {
  readonly workflow: string;
  readonly trigger: string;
  /** Type of the trigger. */
  readonly uses: string;
  readonly version: number;
  readonly times: HoldingTimes;
  /** Firings with equal keys share a run. */
  readonly key: string;
  /** Key of the event; null: it is unlike any other. */
  readonly eventKey: string | null;
  /** What a run of its own would have had. */
  readonly payload: { readonly trigger: JsonObject; readonly input: Json };
  /** How many runs are above its run. */
  readonly depth?: number | undefined;
}

/** Where a firing is held. */
export interface HeldAnswer {
  /** Id of the group. */
  readonly group: string;
  /** False: the same event is held already, or has started its run. */
  readonly isNew: boolean;
  /** Nothing more fits, so that the run is due now. */
  readonly isFull: boolean;
  /** ISO time at which its run begins, as far as is known. Null: it has begun, or there is none. */
  readonly dueAt: string | null;
  readonly runId: string | null;
}

/**
 * Holds a firing until the run of its group begins. Whoever is told so can rely on it once the transaction is committed.
 * The same event counts once.
 *
 * @throws DataError `held.tooMany`
 */
export async function holdFiring(tx: Tenant, request: HoldRequest): Promise<HeldAnswer> {
  const { workflow, trigger, eventKey, payload, times } = request;
  if (eventKey !== null) {
    const known = JSON.stringify([tx.workspace, workflow, trigger, 'held', eventKey]);
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${known}, 0))`);
    const before = await heldUnder(tx, { workflow, trigger, eventKey });
    if (before) return before;
  }
  const size = sizeOf(request);
  const joined = (await join(tx, request, size)) ?? (await joinAfterFull(tx, request, size));
  const { id, count, dueAt } = joined;
  await tx.db.insert(heldFiring).values({
    ...{ workspaceId: tx.workspace, groupId: id, position: count, workflow, trigger, key: eventKey },
    payload: { input: payload.input },
  });
  if (times.word === 'debounce') await forgetBefore(tx, id, count);
  const isFull = times.word === 'batch' && (count >= times.size || joined.bytes + size.newestBytes >= MAX_BATCH_BYTES);
  if (isFull) await close(tx, eq(heldGroup.id, id));
  return { group: id, isNew: true, isFull, dueAt: isFull ? new Date().toISOString() : dueAt, runId: null };
}

/** What a firing adds to its group. */
interface Size {
  /** Of its input and its key: they stay. */
  readonly bytes: number;
  /** Of its `trigger`, which takes the place of the one before. */
  readonly newestBytes: number;
}

const sizeOf = ({ payload, eventKey }: HoldRequest): Size => ({
  bytes: bytesOf(payload.input ?? null) + Buffer.byteLength(eventKey ?? ''),
  newestBytes: bytesOf(payload.trigger),
});

const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** Where the event of a key is held, or was; null if none was. */
export async function heldUnder(
  tx: Tenant,
  { workflow, trigger, eventKey }: Pick<HoldRequest, 'workflow' | 'trigger'> & { readonly eventKey: string },
): Promise<HeldAnswer | null> {
  const [row] = await tx.db
    .select({ group: heldGroup.id, dueAt: heldGroup.dueAt, runId: heldGroup.runId })
    .from(heldFiring)
    .innerJoin(heldGroup, and(eq(heldGroup.workspaceId, heldFiring.workspaceId), eq(heldGroup.id, heldFiring.groupId)))
    .where(
      and(
        eq(heldFiring.workspaceId, tx.workspace),
        eq(heldFiring.workflow, workflow),
        eq(heldFiring.trigger, trigger),
        isNotNull(heldFiring.key),
        sql`md5(${heldFiring.key}) = md5(${sql.param(eventKey, heldFiring.key)})`,
      ),
    )
    .orderBy(desc(heldFiring.at))
    .limit(1);
  return row ? { ...row, isNew: false, isFull: false } : null;
}

interface Joined {
  readonly id: string;
  /** How many firings it has now: the position of this one. */
  readonly count: number;
  /** Of their inputs and keys. */
  readonly bytes: number;
  readonly dueAt: string;
}

/**
 * Joins the group that takes further firings, or opens one. The statement waits for whoever is changing the group, and
 * reads the clock after that: so there is one order, and the last firing is the last.
 *
 * @returns null if the group cannot take so many bytes
 */
async function join(tx: Tenant, request: HoldRequest, { bytes, newestBytes }: Size): Promise<Joined | null> {
  const { workflow, trigger, uses, version, times, payload, depth = null } = request;
  const newest = sql.param(payload.trigger, heldGroup.newest);
  const key = sql.param(request.key, heldGroup.key);
  const waitMs = times.word === 'debounce' ? times.quietMs : times.withinMs;
  const after = (ms: number) => sql`${ms} * interval '1 millisecond'`;
  const atMost = times.word === 'debounce' && times.atMostMs !== null ? times.atMostMs : null;
  const later = sql`clock_timestamp() + ${after(waitMs)}`;
  const dueAt =
    times.word === 'batch'
      ? sql`${heldGroup.dueAt}`
      : atMost === null
        ? later
        : sql`least(${later}, ${heldGroup.openedAt} + ${after(atMost)})`;
  const room = MAX_BATCH_BYTES - newestBytes;
  const fits = times.word === 'batch' ? sql`${heldGroup.bytes} + excluded.bytes <= ${room}` : sql`true`;
  const { rows } = await tx.db.execute<Omit<Joined, 'dueAt'> & { due_at: string }>(sql`
    insert into ${heldGroup}
      (workspace_id, id, workflow, trigger, uses, version, word, key, bytes, newest, depth, opened_at, due_at)
    values (${tx.workspace}, ${randomUUID()}, ${workflow}, ${trigger}, ${uses}, ${version}, ${times.word}, ${key}, ${bytes},
      ${newest}, ${depth}, clock_timestamp(), ${later})
    on conflict (workspace_id, workflow, trigger, version, md5(key)) where open do update set
      count = ${heldGroup.count} + 1, bytes = ${times.word === 'batch' ? sql`${heldGroup.bytes} +` : sql``} excluded.bytes,
      newest = excluded.newest, depth = greatest(${heldGroup.depth}, excluded.depth), due_at = ${dueAt}
    where ${fits}
    returning id, count, bytes, to_json(due_at)#>>'{}' as due_at`);
  const row = rows[0];
  if (!row) return null;
  if (row.count === 1) await requireRoom(tx);
  const { due_at: due, ...joined } = row;
  return { ...joined, dueAt: new Date(due).toISOString() };
}

/** Lets the run of the group begin that cannot take so many bytes, and opens another group. */
async function joinAfterFull(tx: Tenant, request: HoldRequest, size: Size): Promise<Joined> {
  const { workflow, trigger, version, key } = request;
  await close(
    tx,
    sql`${eq(heldGroup.workflow, workflow)} and ${eq(heldGroup.trigger, trigger)} and ${eq(heldGroup.version, version)}
      and md5(${heldGroup.key}) = md5(${sql.param(key, heldGroup.key)})`,
  );
  const joined = await join(tx, request, size);
  if (!joined) throw new Error('a new group takes a firing of any size');
  return joined;
}

/** What is held for older versions of a workflow is due now, because nothing more joins it. */
export async function releaseOlder(tx: Tenant, input: { workflow: string; version: number }): Promise<void> {
  await close(tx, sql`${eq(heldGroup.workflow, input.workflow)} and ${heldGroup.version} <> ${input.version}`);
}

/** These groups take no more firings, and are due. */
async function close(tx: Tenant, those: ReturnType<typeof sql>): Promise<void> {
  await tx.db
    .update(heldGroup)
    .set({ open: false, dueAt: dueNow })
    .where(and(eq(heldGroup.workspaceId, tx.workspace), eq(heldGroup.open, true), those));
}
