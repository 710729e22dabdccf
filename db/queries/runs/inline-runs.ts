import { and, eq, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { change, run, runPayload, runResponse, step } from '../../schema/index.ts';
import { jsonColumn, stepRow, triggerSummary } from './run-columns.ts';

/** A run that was executed without Temporal and has ended. */
export interface InlineRunRecord {
  readonly record: RunRecord;
  /** What a `respond` node answered, if one has. */
  readonly response: Json;
  /** Hash of the request, to recognise another request under the same key. */
  readonly bodyHash: string | null;
}

/**
 * Writes runs that have ended, each with its payload, steps and answer, in one statement. A run whose id is known
 * already is left as it is.
 *
 * @returns the ids of the runs that were new
 */
export async function insertInlineRuns(tx: Tenant, runs: readonly InlineRunRecord[]): Promise<Set<string>> {
  // In the order of ids, so that two processes that write the same runs do not wait for each other.
  const rows = [...runs].sort((a, b) => (a.record.runId < b.record.runId ? -1 : 1)).map(rowOf);
  const steps = runs.flatMap(({ record }) =>
    record.steps.map((one, seq) => ({ run_id: record.runId, ...stepRow(one, seq) })),
  );
  const { rows: won } = await tx.db.execute<{ id: string }>(sql`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, workflow_id text, workflow text,
        version int, summary text, trigger text, input text, output text, started_at timestamptz,
        ended_at timestamptz, response text, body_hash text, told text)
    ),
    won as (
      insert into ${run} (workspace_id, id, workflow_id, temporal_run_id, segment, history_length, workflow, version,
        trigger, status, started_at, ended_at)
      select ${tx.workspace}, id, workflow_id, '', 0, 0, workflow, version, summary, 'succeeded', started_at, ended_at
      from given
      on conflict do nothing
      returning id
    ),
    payload as (
      insert into ${runPayload} (workspace_id, run_id, trigger, input, output, body_hash)
      select ${tx.workspace}, id, trigger, input, output, body_hash from given join won using (id)
    ),
    noted as (
      insert into ${change} (workspace_id, kind, run_id, workflow, status, detail)
      select ${tx.workspace}, 'run.ended', id, workflow, 'succeeded', told from given join won using (id)
    ),
    answer as (
      insert into ${runResponse} (workspace_id, run_id, response)
      select ${tx.workspace}, id, response from given join won using (id) where response is not null
    ),
    steps as (
      insert into ${step} (workspace_id, run_id, segment, history_length, path, seq, node, type, label, status, port,
        attempts, input, output, output_ref, error, started_at, ended_at)
      select ${tx.workspace}, s.run_id, 0, 0, s.path, s.seq, s.node, s.type, s.label, s.status, s.port, s.attempts,
        s.input, s.output, s.output_ref, s.error, s.started_at, s.ended_at
      from json_to_recordset(${JSON.stringify(steps)}::json) as s(run_id text, path text, seq int, node text, type text,
        label text, status text, port text, attempts int, input text, output text, output_ref text, error text,
        started_at timestamptz, ended_at timestamptz)
      join won on won.id = s.run_id
    )
    select id from won`);
  return new Set(won.map(({ id }) => id));
}

/** Hash of the request that started a run without Temporal, or null. */
export async function bodyHashOf(tx: Tenant, input: { runId: string }): Promise<string | null> {
  const [row] = await tx.db
    .select({ bodyHash: runPayload.bodyHash })
    .from(runPayload)
    .where(and(eq(runPayload.workspaceId, tx.workspace), eq(runPayload.runId, input.runId)));
  return row?.bodyHash ?? null;
}

const rowOf = ({ record, response, bodyHash }: InlineRunRecord) => ({
  id: record.runId,
  workflow_id: record.workflowId,
  workflow: record.workflow,
  version: record.version,
  summary: jsonColumn(triggerSummary(record.trigger)),
  trigger: jsonColumn(record.trigger),
  input: jsonColumn(record.input),
  output: jsonColumn(record.output),
  started_at: record.startedAt,
  ended_at: record.endedAt,
  response: jsonColumn(response),
  body_hash: bodyHash,
  told: jsonColumn({ version: record.version }),
});
