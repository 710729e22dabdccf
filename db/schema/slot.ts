import { bigserial, boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, workspaceId } from './columns.ts';

/** Places of a workflow's `concurrency`: which runs hold one, which runs queue for one, in order of arrival. */
export const slot = pgTable(
  'slot',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    workflow: text('workflow').notNull(),
    key: anyText('key').notNull(),
    workflowId: text('workflow_id').notNull(),
    held: boolean('held').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId] }), index('slot_queue').on(t.workspaceId, t.workflow, t.seq)],
);
