import { type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import {
  blob,
  blobPart,
  capture,
  cell,
  change,
  crash,
  effect,
  event,
  file,
  firing,
  heldFiring,
  heldGroup,
  kv,
  pace,
  resumeToken,
  run,
  runBlob,
  runMonth,
  runResponse,
  runStatistic,
  statisticState,
  stepStatistic,
  triggerCount,
  turn,
} from '../schema/index.ts';
import { unfinishedParts } from './blobs/parts.ts';
import { inTheirMonths } from './runs/month.ts';

/** Most rows of each kind that one call removes, because others wait for what it locks. */
export const SWEPT = 1_000;

const batch = sql`limit ${sql.raw(String(SWEPT))}`;

const REMOVALS: readonly ((ws: string) => SQL)[] = [
  (ws) => sql`delete from ${kv} where ctid = any(array(select ctid from ${kv}
    where workspace_id = ${ws} and expires_at < now() - interval '1 day' ${batch}))`,
  (ws) => sql`delete from ${resumeToken} where ctid = any(array(select ctid from ${resumeToken}
    where workspace_id = ${ws} and expires_at < now() - interval '1 day' ${batch}))`,
  // A wait takes events that arrived since its run started.
  (ws) => sql`delete from ${event} where ctid = any(array(select ctid from ${event}
    where workspace_id = ${ws} and received_at < least(now() - interval '7 days',
      (select min(started_at) from ${run} where workspace_id = ${ws} and ended_at is null))
    and not exists (select from ${firing} where workspace_id = ${ws} and key = ${event}.id and due_at is not null)
    ${batch}))`,
  (ws) => sql`delete from ${firing} where ctid = any(array(select ctid from ${firing}
    where workspace_id = ${ws} and due_at is null and at < now() - interval '7 days' ${batch}))`,
  // Far beyond any retry of the step that wrote the effect.
  (ws) => sql`delete from ${effect} where ctid = any(array(select ctid from ${effect}
    where workspace_id = ${ws} and at < now() - interval '90 days' ${batch}))`,
  // A run that is not known may still be open: its cells stay as long as the ledger of effects.
  (ws) => sql`delete from ${cell} where ctid = any(array(select ctid from ${cell}
    where workspace_id = ${ws} and written_at < now() - interval '1 day'
    and coalesce((select coalesce(${run.endedAt}, 'infinity') from ${runMonth} join ${run} on ${inTheirMonths}
      where ${runMonth.workspaceId} = ${ws} and ${runMonth.runId} = ${cell}.run_id), written_at + interval '89 days') < now() - interval '1 day' ${batch}))`,
  (ws) => sql`delete from ${crash} where ctid = any(array(select ctid from ${crash}
    where workspace_id = ${ws} and last_at < now() - interval '1 day' ${batch}))`,
  (ws) => sql`delete from ${triggerCount} where ctid = any(array(select ctid from ${triggerCount}
    where workspace_id = ${ws} and hour < now() - interval '30 days' ${batch}))`,
  (ws) => sql`delete from ${capture} where ctid = any(array(select ctid from ${capture}
    where workspace_id = ${ws} and expires_at < now() - interval '1 hour' ${batch}))`,
  (ws) => sql`delete from ${runResponse} where ctid = any(array(select ctid from ${runResponse}
    where workspace_id = ${ws} and at < now() - interval '30 days' ${batch}))`,
  // A group may have very many firings: they go first, and then the group.
  (ws) => sql`delete from ${heldFiring} where ctid = any(array(select ${heldFiring}.ctid from ${heldFiring}
    join ${heldGroup} on ${heldGroup.workspaceId} = ${heldFiring.workspaceId} and ${heldGroup.id} = ${heldFiring.groupId}
    where ${heldGroup.workspaceId} = ${ws} and ${heldGroup.settledAt} < now() - interval '30 days' ${batch}))`,
  (ws) => sql`delete from ${heldGroup} where ctid = any(array(select ctid from ${heldGroup}
    where workspace_id = ${ws} and settled_at < now() - interval '30 days' and not exists (select from ${heldFiring}
      where ${heldFiring.workspaceId} = ${ws} and ${heldFiring.groupId} = ${heldGroup.id}) ${batch}))`,
  (ws) =>
    sql`delete from ${blobPart} where ctid = any(array(select ctid from ${blobPart} where ${unfinishedParts(ws)} ${batch}))`,
  (ws) => sql`delete from ${pace} where ctid = any(array(select ctid from ${pace}
    where workspace_id = ${ws} and changed_at < now() - interval '30 days' ${batch}))`,
  // The first of the key are the oldest. A cursor may reach back to them for an hour.
  (ws) => sql`delete from ${change} where ctid = any(array(select ctid from ${change}
    where workspace_id = ${ws} and at < now() - interval '1 hour' and (at < now() - interval '7 days' or xid < coalesce(
      (select next from ${statisticState} where workspace_id = ${ws}), xid + 1)) order by xid, seq ${batch}))`,
  (ws) => sql`delete from ${runStatistic} where ctid = any(array(select ctid from ${runStatistic}
    where workspace_id = ${ws} and at < now() - case grain when 'hour' then interval '40 days'
      else interval '400 days' end ${batch}))`,
  (ws) => sql`delete from ${stepStatistic} where ctid = any(array(select ctid from ${stepStatistic}
    where workspace_id = ${ws} and day < now() - case grain when 'day' then interval '400 days'
      else interval '431 days' end ${batch}))`,
  (ws) => sql`delete from ${turn} where ctid = any(array(select ctid from ${turn}
    where workspace_id = ${ws} and counts_until < now() ${batch}))`,
  // Data of starts that never became runs. A run that is not known may still be open, as with cells.
  (ws) => sql`delete from ${runBlob} where ctid = any(array(select ${runBlob}.ctid from ${runBlob} join ${blob}
    on ${blob.workspaceId} = ${runBlob.workspaceId} and ${blob.sha256} = ${runBlob.sha256}
    where ${runBlob.workspaceId} = ${ws} and ${blob.createdAt} < now() - interval '90 days'
    and not exists (select from ${runMonth} where ${runMonth.workspaceId} = ${ws} and ${runMonth.runId} = ${runBlob.runId})
    ${batch}))`,
  (ws) => sql`delete from ${blob} where ctid = any(array(select ctid from ${blob}
    where workspace_id = ${ws} and created_at < now() - interval '1 day'
    and not exists (select from ${runBlob} where ${runBlob.workspaceId} = ${ws} and ${runBlob.sha256} = ${blob.sha256})
    and not exists (select from ${file} where ${file.workspaceId} = ${ws} and ${file.sha256} = ${blob.sha256}) ${batch}))
    and created_at < now() - interval '1 day'`,
];

/**
 * Removes what nobody can need any more: key-value entries and links a day after they expired, events older than seven
 * days and older than every open run, effects older than ninety days, cells of steps
 * a day after their run ended, crashes of runs a day after the last one, counts of
 * triggers older than thirty days, held calls an hour after their time is over, answers of `respond` after thirty days,
 * because a repeated delivery gets the same answer, firings a week after they were settled, turns that no longer count, the
 * pace of providers that nobody has called for thirty days, parts of data whose transfer nobody has finished within a
 * day, changes an hour after they happened and once statistics have
 * counted them, statistics by hour after forty days, by day after four hundred, and those of a month with its last day, held firings thirty days after their run
 * began, because until then their events are known, what links data of starts that never became runs ninety days after they
 * were stored, and blobs that neither a run nor a file has held for a day. Runs are
 * kept by months: `runs/partitions.ts`. What calls to models cost is kept for longer (`spending/forget.ts`).
 *
 * Each removes one kind and returns how many rows that were. At least `SWEPT`: there may be more. A transaction each, so that one that takes too long does not keep the others.
 */
export const SWEEPS: readonly ((tx: Tenant) => Promise<number>)[] = REMOVALS.map(
  (removal) => async (tx) => (await tx.db.execute(removal(tx.workspace))).rowCount ?? 0,
);
