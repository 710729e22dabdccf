import { sql } from 'drizzle-orm';
import { bigserial, boolean, index, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { anyText, instant, workspaceId } from './columns.ts';

/** Places of a workflow's `concurrency`: which runs hold one, which runs queue for one, by priority and order of arrival. */
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
    /** 1 goes first, 5 last. */
    priority: smallint('priority').notNull().default(3),
    since: instant('since').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId] }),
    // Hashed, because an index row holds at most 2.7 KB, and keys are values of any size.
    index('slot_in_line').on(t.workspaceId, t.workflow, sql`md5(${t.key})`, t.held, t.priority, t.seq),
  ],
);
