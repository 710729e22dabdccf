import { sql } from 'drizzle-orm';
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, workspaceId } from './columns.ts';

/** Runs whose workflow task ended a thread or a process of a worker, and how often. */
export const crash = pgTable(
  'crash',
  {
    workspaceId: workspaceId(),
    /** Of the run, or of a chain of the run. */
    workflowId: text('workflow_id').notNull(),
    total: integer('total').notNull(),
    /** How many of them happened in a thread that held nothing else. */
    alone: integer('alone').notNull(),
    lastAt: instant('last_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflowId] })],
);
