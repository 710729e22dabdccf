import { and, eq, sql } from 'drizzle-orm';
import type { Graph } from '../../../graph/document/types.ts';
import type { Json } from '../../../graph/json.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { executePrepared } from '../../prepared.ts';
import { change, run, runMonth, runPayload, runResponse, runTerm, step } from '../../schema/index.ts';
import { inMonthOf, THIS_MONTH } from './month.ts';
import { jsonColumn, parentOf, stepRow, triggerSummary } from './run-columns.ts';
import { termsOf } from './terms.ts';

/** A run that was executed without Temporal and has ended. */
export interface InlineRunRecord {
  readonly record: RunRecord;
  /** What a `respond` node answered, if one has. */
  readonly response: Json;
  /** Hash of the request, to recognise another request under the same key. */
  readonly bodyHash: string | null;
  /** The graph, if it came with the request. */
  readonly graph: Graph | null;
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
  const statement = sql`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, workflow_id text, workflow text,
        version int, summary text, trigger_id text, uses text, parent_id text, terms json, trigger text, input text,
        output text, started_at timestamptz, ended_at timestamptz, response text, body_hash text, graph text,
        told text)
    ),
    home as (
      insert into ${runMonth} (workspace_id, run_id, month) select ${tx.workspace}, id, ${THIS_MONTH} from given
      on conflict (workspace_id, run_id) do update set month = ${runMonth.month}
      returning run_id as id, month
    ),
    won as (
      insert into ${run} (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow,
        version, trigger, trigger_id, uses, status, started_at, ended_at, parent_id)
      select ${tx.workspace}, id, month, workflow_id, '', 0, 0, workflow, version, summary, trigger_id, uses,
        'succeeded', started_at, ended_at, parent_id
      from given join home using (id)
      on conflict do nothing
      returning id, month
    ),
    payload as (
      insert into ${runPayload} (workspace_id, run_id, month, trigger, input, output, body_hash, graph)
      select ${tx.workspace}, id, month, trigger, input, output, body_hash, graph from given join won using (id)
    ),
    terms as (
      insert into ${runTerm} (workspace_id, term, started_at, run_id, month)
      select ${tx.workspace}, term, started_at, id, month
      from given join won using (id), json_array_elements_text(terms) as term
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
      insert into ${step} (workspace_id, run_id, month, segment, history_length, path, seq, node, type, label, status,
        port, attempts, input, output, output_ref, error, started_at, ended_at)
      select ${tx.workspace}, s.run_id, won.month, 0, 0, s.path, s.seq, s.node, s.type, s.label, s.status, s.port, s.attempts,
        s.input, s.output, s.output_ref, s.error, s.started_at, s.ended_at
      from json_to_recordset(${JSON.stringify(steps)}::json) as s(run_id text, path text, seq int, node text, type text,
        label text, status text, port text, attempts int, input text, output text, output_ref text, error text,
        started_at timestamptz, ended_at timestamptz)
      join won on won.id = s.run_id
    )
    select id from won`;
  const won = await executePrepared<{ id: string }>(tx, 'insert inline runs', statement);
  return new Set(won.map(({ id }) => id));
}

/** Hash of the request that started a run without Temporal, or null. */
export async function bodyHashOf(tx: Tenant, input: { runId: string }): Promise<string | null> {
  const [row] = await tx.db
    .select({ bodyHash: runPayload.bodyHash })
    .from(runPayload)
    .where(
      and(
        eq(runPayload.workspaceId, tx.workspace),
        eq(runPayload.runId, input.runId),
        inMonthOf(tx, input.runId, runPayload.month),
      ),
    );
  return row?.bodyHash ?? null;
}

const rowOf = ({ record, response, bodyHash, graph }: InlineRunRecord) => ({
  id: record.runId,
  workflow_id: record.workflowId,
  workflow: record.workflow,
  version: record.version,
  summary: jsonColumn(triggerSummary(record.trigger)),
  trigger_id: record.trigger.id,
  uses: record.trigger.uses,
  parent_id: parentOf(record.trigger),
  terms: termsOf(record),
  trigger: jsonColumn(record.trigger),
  input: jsonColumn(record.input),
  output: jsonColumn(record.output),
  started_at: record.startedAt,
  ended_at: record.endedAt,
  response: jsonColumn(response),
  body_hash: bodyHash,
  graph: jsonColumn(graph),
  told: jsonColumn({ version: record.version }),
});
