import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../graph/json.ts';
import type { RunError, RunStatus, StepRecord, StepStatus } from '../../graph/run-state/state/types.ts';
import type { BlobRef, TriggerInfo, WaitRecord } from '../../workflows/contract.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** One row per run: small, so that lists read little. Payloads are in `run_payload`. */
export const run = pgTable(
  'run',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    /** Temporal's workflow id and the newest execution of its chain. */
    workflowId: text('workflow_id').notNull(),
    temporalRunId: text('temporal_run_id').notNull(),
    /** Position of the last write: later positions win. */
    segment: integer('segment').notNull(),
    historyLength: integer('history_length').notNull(),
    workflow: text('workflow').notNull(),
    version: integer('version'),
    /** `id, uses, at, key` only. */
    trigger: jsonText<TriggerInfo>('trigger').notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    /** Without `details`, `cause` and `undo`, its message cut. */
    error: jsonText<RunError>('error'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** How many runs are above this one, each started by the one above. Null: none. */
    depth: integer('depth'),
    /** Id of the run that this one repeats. Null: none. */
    replayedFrom: text('replayed_from'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // Read backwards to get the newest first: a `desc` index of drizzle is `nulls last` and would not serve `order by …
    // desc`.
    index('run_newest').on(t.workspaceId, t.startedAt, t.id),
    index('run_of_workflow').on(t.workspaceId, t.workflow, t.startedAt, t.id),
    index('run_by_status').on(t.workspaceId, t.status, t.startedAt, t.id),
    index('run_open').on(t.workspaceId, t.id).where(sql`${t.endedAt} is null`),
  ],
);

/** Input and output of a run. */
export const runPayload = pgTable(
  'run_payload',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    trigger: jsonText<TriggerInfo>('trigger'),
    input: jsonText<Json>('input'),
    output: jsonText<Json>('output'),
    outputRef: jsonText<BlobRef>('output_ref'),
    error: jsonText<RunError>('error'),
    /** Hash of the request that started a run which Temporal does not know. */
    bodyHash: text('body_hash'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId] })],
);

/** Steps that ended. */
export const step = pgTable(
  'step',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    path: text('path').notNull(),
    /** Position of the write that brought the step, and the step's place in that write: together the order of steps. */
    segment: integer('segment').notNull(),
    historyLength: integer('history_length').notNull(),
    seq: integer('seq').notNull(),
    node: text('node').notNull(),
    type: text('type').notNull(),
    label: anyText('label'),
    status: text('status').$type<StepStatus>().notNull(),
    port: text('port'),
    attempts: integer('attempts').notNull(),
    input: jsonText<Json>('input'),
    output: jsonText<Json>('output'),
    outputRef: jsonText<NonNullable<StepRecord['outputRef']>>('output_ref'),
    error: jsonText<RunError>('error'),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId, t.path] })],
);

/** The wait index: what open runs wait for. */
export const wait = pgTable(
  'wait',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    seq: integer('seq').notNull(),
    step: text('step').notNull(),
    kind: text('kind').$type<WaitRecord['kind']>().notNull(),
    event: anyText('event'),
    key: anyText('key'),
    until: instant('until'),
    since: instant('since').notNull(),
    detail: jsonText<Json>('detail'),
    /** Of the run. */
    workflow: text('workflow'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId, t.seq] }),
    // The longest open first.
    index('wait_approval').on(t.workspaceId, t.since, t.runId, t.seq).where(sql`${t.kind} = 'approval'`),
    index('wait_approval_of_workflow')
      .on(t.workspaceId, t.workflow, t.since, t.runId, t.seq)
      .where(sql`${t.kind} = 'approval'`),
    // Hashed, because an index row holds at most 2.7 KB, and users choose the names and keys.
    index('wait_for_event')
      .on(t.workspaceId, sql`md5(${t.event})`, sql`md5(${t.key})`)
      .where(sql`${t.event} is not null`),
  ],
);

/**
 * The runs that were open when starts began to be signed: only these may go on without a signature. The migration
 * fills the table, and the role of the queries may only read it.
 */
export const unsignedRun = pgTable(
  'unsigned_run',
  { workspaceId: workspaceId(), workflowId: text('workflow_id').notNull() },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflowId] })],
);
