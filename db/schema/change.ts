import { sql } from 'drizzle-orm';
import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../graph/json.ts';
import type { RunStatus } from '../../graph/run-state/state/types.ts';
import { instant, jsonText, workspaceId } from './columns.ts';

/** What has happened. */
export type ChangeKind =
  | 'run.started'
  | 'run.changed'
  | 'run.ended'
  | 'step.started'
  | 'step.failed'
  | 'step.ended'
  | 'approval.opened'
  | 'approval.closed'
  | 'workflow.published'
  | 'workflow.changed'
  | 'workflow.deleted'
  | 'draft.changed';

/**
 * What has happened, for those who follow it live. A row is written in the transaction that makes the change, and kept
 * for an hour (`queries/retention.ts`).
 *
 * Readers go by the number of the transaction, and note which earlier ones had not ended yet (`queries/changes/cursor.ts`),
 * because transactions do not become visible in the order of any number.
 */
export const change = pgTable(
  'change',
  {
    workspaceId: workspaceId(),
    xid: bigint('xid', { mode: 'number' }).notNull().default(sql`(pg_current_xact_id()::text)::bigint`),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().default(sql`clock_timestamp()`),
    kind: text('kind').$type<ChangeKind>().notNull(),
    runId: text('run_id'),
    workflow: text('workflow'),
    /** Path of a step. */
    step: text('step'),
    status: text('status').$type<RunStatus>(),
    /** How a run had ended that now counts as ended otherwise. */
    was: text('was').$type<RunStatus>(),
    detail: jsonText<Json>('detail'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.xid, t.seq] })],
);
