import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { RunError, RunStatus, StepRecord } from '../../../graph/run-state/state/types.ts';
import type { BlobRef, RunRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { executePrepared } from '../../prepared.ts';
import { run, runPayload, runResponse, step, wait } from '../../schema/index.ts';
import { noteChanges, runTold } from '../changes/note.ts';
import { announceFailure } from '../failures.ts';
import { inMonthOf, lockMonth, noteMonth } from './month.ts';
import { codeColumn, errorSummary, jsonColumn, parentOf, stepRow, triggerSummary } from './run-columns.ts';
import { addTerms, errorTerms, insertTerms, termsOf } from './terms.ts';
import { insertWaits } from './waits.ts';

/** A `historyLength` that no history reaches: the largest number that the column holds. */
export const LAST_POSITION = 2 ** 31 - 1;

/**
 * Writes what the interpreter reports about a run: row, payloads, steps and the wait index, all or nothing.
 *
 * Safe to repeat and to reorder: the write with the later (`segment`, `historyLength`) wins, for each step too. A write
 * with an equal position replaces (a replayed closing write may differ). An ended run never reopens. Null input or
 * trigger data does not erase the data of an earlier write.
 *
 * @param response what a `respond` has answered, as `putResponse` keeps it: the first answer stays
 * @returns whether this write is now the run's state (false: a later write was there)
 */
export async function upsertRun(tx: Tenant, record: RunRecord, response?: Json): Promise<boolean> {
  const { trigger, error, output, outputRef } = record;
  const facts = jsonColumn(record.triggerInPart ? null : trigger);
  // One statement, because this is the last thing that a run does and its caller waits for each round trip.
  const statement = sql`
    with home as (${noteMonth(tx, record.runId)}),
    before as (
      select status, ended_at from ${run} where workspace_id = ${tx.workspace} and id = ${record.runId}
        and month = (select month from home)
    ),
    won as (
      insert into ${run} (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow,
        version, trigger, trigger_id, uses, status, error, error_code, started_at, ended_at, depth, parent_id,
        replayed_from)
      select ${tx.workspace}, ${record.runId}, month, ${record.workflowId}, ${record.temporalRunId},
        ${record.segment}::int, ${record.historyLength}::int, ${record.workflow}, ${record.version}::int,
        ${jsonColumn(triggerSummary(trigger))}, ${trigger.id}, ${trigger.uses}, ${record.status},
        ${jsonColumn(error && errorSummary(error))}, ${error && codeColumn(error.code)}, ${record.startedAt}::timestamptz,
        ${record.endedAt}::timestamptz, ${record.depth ?? null}::int, ${parentOf(trigger)},
        ${record.replayedFrom ?? null}
      from home
      on conflict (workspace_id, id, month) do update set
        workflow_id = excluded.workflow_id, temporal_run_id = excluded.temporal_run_id, segment = excluded.segment,
        history_length = excluded.history_length, workflow = excluded.workflow, version = excluded.version,
        trigger = excluded.trigger, trigger_id = excluded.trigger_id, uses = excluded.uses, status = excluded.status,
        error = excluded.error, error_code = excluded.error_code, started_at = excluded.started_at,
        ended_at = excluded.ended_at, depth = coalesce(excluded.depth, ${run}.depth),
        parent_id = coalesce(excluded.parent_id, ${run}.parent_id),
        replayed_from = coalesce(excluded.replayed_from, ${run}.replayed_from)
      where (${run}.segment, ${run}.history_length) <= (excluded.segment, excluded.history_length)
        and (${run}.ended_at is null or excluded.ended_at is not null)
      returning id, month
    ),
    payload as (
      insert into ${runPayload} (workspace_id, run_id, month, trigger, input, output, output_ref, error)
      select ${tx.workspace}, id, month, ${facts}, ${jsonColumn(record.input)}, ${jsonColumn(output)},
        ${jsonColumn(outputRef)}, ${jsonColumn(error)}
      from won
      on conflict (workspace_id, run_id, month) do update set
        trigger = coalesce(excluded.trigger, ${runPayload}.trigger), input = coalesce(excluded.input, ${runPayload}.input),
        output = excluded.output, output_ref = excluded.output_ref, error = excluded.error
    ),
    over as (
      delete from ${wait}
      where workspace_id = ${tx.workspace} and run_id = ${record.runId} and exists (table won)
      returning step, kind
    ),
    told as (${runTold(tx, record)}),
    answer as (
      insert into ${runResponse} (workspace_id, run_id, response)
      select ${tx.workspace}, ${record.runId}, answered.text
      from (values (${jsonColumn(response)}::text)) as answered(text) where answered.text is not null
      on conflict do nothing
    ),
    terms as (${insertTerms(tx, { ...record, terms: termsOf(record) }, sql`won`)}),
    -- Steps have positions of their own: a late write may still hold steps that no other write knows.
    steps as (${insertSteps(tx, record)})
    select exists (table won) as won`;
  // What is told of it is another part of the text.
  const name = record.endedAt === null ? 'upsert open run' : 'upsert ended run';
  const rows = await executePrepared<{ won: boolean }>(tx, name, statement);
  const isNewest = rows[0]!.won;
  if (!isNewest && record.input !== null) await addInput(tx, record, facts);
  if (!isNewest) return false;
  if (record.endedAt === null) await insertWaits(tx, record);
  else await announceFailure(tx, record);
  return true;
}

/**
 * A late opening write knows the input, which a closing write that came first may not have known. This is a statement of
 * its own: one that waited for the closing write to commit still sees the tables as they were before.
 */
async function addInput(tx: Tenant, { runId, input }: RunRecord, facts: string | null): Promise<void> {
  await tx.db.execute(sql`
    update ${runPayload} set input = ${jsonColumn(input)}, trigger = coalesce(${facts}, trigger)
    where workspace_id = ${tx.workspace} and run_id = ${runId} and ${inMonthOf(tx, runId, runPayload.month)}
      and input is null`);
}

/**
 * Closes a run whose closing write was lost or never made (a terminate, a crash), if the run is still open. Keeps the
 * position, so that the interpreter's own closing write still replaces this write.
 *
 * @returns whether the run was open
 */
export async function closeRun(
  tx: Tenant,
  input: {
    runId: string;
    status: RunStatus;
    output: Json;
    outputRef?: BlobRef | null;
    error: RunError | null;
    endedAt: string;
  },
): Promise<boolean> {
  await lockMonth(tx, input.runId);
  const closed = await tx.db
    .update(run)
    .set({
      status: input.status,
      error: input.error && errorSummary(input.error),
      errorCode: input.error && codeColumn(input.error.code),
      endedAt: input.endedAt,
    })
    .where(
      and(
        eq(run.workspaceId, tx.workspace),
        eq(run.id, input.runId),
        inMonthOf(tx, input.runId, run.month),
        isNull(run.endedAt),
      ),
    )
    .returning({
      runId: run.id,
      month: run.month,
      workflow: run.workflow,
      version: run.version,
      status: run.status,
      startedAt: run.startedAt,
      depth: run.depth,
    });
  const [ended] = closed;
  if (!ended) return false;
  const result = { output: input.output, outputRef: input.outputRef ?? null, error: input.error };
  await tx.db
    .insert(runPayload)
    .values({ workspaceId: tx.workspace, runId: input.runId, month: ended.month, ...result })
    .onConflictDoUpdate({ target: [runPayload.workspaceId, runPayload.runId, runPayload.month], set: result });
  await addTerms(tx, { ...ended, terms: errorTerms(input.error) });
  const waits = await tx.db
    .delete(wait)
    .where(and(eq(wait.workspaceId, tx.workspace), eq(wait.runId, input.runId)))
    .returning({ step: wait.step, kind: wait.kind });
  const { runId, workflow, version } = ended;
  const approvals = waits.filter(({ kind }) => kind === 'approval');
  await noteChanges(tx, [
    {
      kind: 'run.ended',
      runId,
      workflow,
      status: ended.status,
      detail: { version, ...(input.error && { error: input.error.code }) },
    },
    ...approvals.map(({ step }) => ({ kind: 'approval.closed', runId, workflow, step }) as const),
  ]);
  await announceFailure(tx, ended);
  return true;
}

/** Adds steps that ended in a child workflow of the run; the run's own row is not touched. */
export async function appendSteps(
  tx: Tenant,
  input: { runId: string; steps: readonly StepRecord[]; segment?: number; historyLength?: number },
): Promise<void> {
  await tx.db.execute(sql`
    with home as (${noteMonth(tx, input.runId)}) ${insertSteps(tx, { segment: 0, historyLength: 0, ...input })}`);
}

/**
 * All steps in one parameter, however many there are, for a statement that knows the month of the run as `home`: JSON whose payload fields hold JSON text, so that Postgres sees
 * no `\u0000` and no deep nesting.
 */
function insertSteps(tx: Tenant, record: Pick<RunRecord, 'runId' | 'segment' | 'historyLength' | 'steps'>): SQL {
  // Postgres refuses to touch a row twice in one statement, so the last of several records of a path counts.
  const steps = [...new Map(record.steps.map((s) => [s.path, s])).values()];
  return sql`
    insert into ${step} (workspace_id, run_id, month, segment, history_length, path, seq, node, type, label, status,
      port, attempts, input, output, output_ref, error, started_at, ended_at)
    select ${tx.workspace}, ${record.runId}, home.month, ${record.segment}::int, ${record.historyLength}::int, s.*
    from home, json_to_recordset(${JSON.stringify(steps.map(stepRow))}::json) as s(path text, seq int, node text, type text,
      label text, status text, port text, attempts int, input text, output text, output_ref text, error text,
      started_at timestamptz, ended_at timestamptz)
    on conflict (workspace_id, run_id, path, month) do update set
      segment = excluded.segment, history_length = excluded.history_length, seq = excluded.seq, node = excluded.node,
      type = excluded.type, label = excluded.label, status = excluded.status, port = excluded.port,
      attempts = excluded.attempts, input = excluded.input, output = excluded.output, output_ref = excluded.output_ref,
      error = excluded.error, started_at = excluded.started_at, ended_at = excluded.ended_at
    where (step.segment, step.history_length) <= (excluded.segment, excluded.history_length)`;
}
