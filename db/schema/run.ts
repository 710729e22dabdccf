import { sql } from 'drizzle-orm';
import { date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Graph } from '../../graph/document/types.ts';
import type { Json } from '../../graph/json.ts';
import type { RunError, RunStatus, StepRecord, StepStatus } from '../../graph/run-state/state/types.ts';
import type { BlobRef, TriggerInfo, WaitRecord } from '../../workflows/contract.ts';
import { anyText, bytewiseText, instant, jsonText, workspaceId } from './columns.ts';

/**
 * Under which month the rows of a run are kept: that of its first write, or a later one if the run outlived its month.
 * This row makes the id of a run unique over all months.
 */
export const runMonth = pgTable(
  'run_month',
  { workspaceId: workspaceId(), runId: text('run_id').notNull(), month: date('month').notNull() },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId] }), index('run_month_by_month').on(t.workspaceId, t.month)],
);

/** One row per run: small, so that lists read little. Payloads are in `run_payload`. Partitioned by month. */
export const run = pgTable(
  'run',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    month: date('month').notNull(),
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
    /** Id and type of the trigger again, to filter by. Null in rows of a Blok that kept none. */
    triggerId: text('trigger_id'),
    uses: text('uses'),
    status: text('status').$type<RunStatus>().notNull(),
    /** Without `details`, `cause` and `undo`, its message cut. */
    error: jsonText<RunError>('error'),
    errorCode: text('error_code'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** How many runs are above this one, each started by the one above. Null: none. */
    depth: integer('depth'),
    /** Id of the run that this one repeats. Null: none. */
    replayedFrom: text('replayed_from'),
    /** The run that called this one. */
    parentId: text('parent_id'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id, t.month] }),
    // Read backwards to get the newest first: a `desc` index of drizzle is `nulls last` and would not serve `order by …
    // desc`.
    index('run_newest').on(t.workspaceId, t.startedAt, t.id),
    index('run_of_workflow').on(t.workspaceId, t.workflow, t.startedAt, t.id),
    index('run_of_workflow_by_status').on(t.workspaceId, t.workflow, t.status, t.startedAt, t.id),
    index('run_by_status').on(t.workspaceId, t.status, t.startedAt, t.id),
    index('run_by_error').on(t.workspaceId, t.errorCode, t.startedAt, t.id).where(sql`${t.errorCode} is not null`),
    index('run_by_parent').on(t.workspaceId, t.parentId, t.startedAt, t.id).where(sql`${t.parentId} is not null`),
    index('run_open').on(t.workspaceId, t.id).where(sql`${t.endedAt} is null`),
  ],
);

/** Input and output of a run. Partitioned by month. */
export const runPayload = pgTable(
  'run_payload',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    month: date('month').notNull(),
    trigger: jsonText<TriggerInfo>('trigger'),
    input: jsonText<Json>('input'),
    output: jsonText<Json>('output'),
    outputRef: jsonText<BlobRef>('output_ref'),
    error: jsonText<RunError>('error'),
    /** Hash of the request that started a run which Temporal does not know. */
    bodyHash: text('body_hash'),
    /** The graph of a run that was given one. Null: that of its version. */
    graph: jsonText<Graph>('graph'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId, t.month] })],
);

/** Steps that ended. Partitioned by month. */
export const step = pgTable(
  'step',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    month: date('month').notNull(),
    path: bytewiseText('path').notNull(),
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
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId, t.path, t.month] })],
);

/**
 * Words by which a run is found: those of its error, its key, its labels. A table, because the operators of full text
 * are not leakproof, and an index on them is of no use under row-level security. Partitioned by month.
 */
export const runTerm = pgTable(
  'run_term',
  {
    workspaceId: workspaceId(),
    term: bytewiseText('term').notNull(),
    startedAt: instant('started_at').notNull(),
    runId: text('run_id').notNull(),
    month: date('month').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.term, t.startedAt, t.runId, t.month] }),
    index('run_term_of_run').on(t.workspaceId, t.runId),
  ],
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
    /** When the run started, in the first wait of each kind that the run has: lists of runs by kind read this one. */
    runStartedAt: instant('run_started_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId, t.seq] }),
    // The longest open first.
    index('wait_approval').on(t.workspaceId, t.since, t.runId, t.seq).where(sql`${t.kind} = 'approval'`),
    index('wait_approval_of_workflow')
      .on(t.workspaceId, t.workflow, t.since, t.runId, t.seq)
      .where(sql`${t.kind} = 'approval'`),
    index('wait_by_kind').on(t.workspaceId, t.kind, t.runStartedAt, t.runId).where(sql`${t.runStartedAt} is not null`),
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
