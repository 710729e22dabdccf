import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, instant, workspaceId } from './columns.ts';
import type { TriggerOutcome } from './trigger.ts';
import { workflow } from './workflow.ts';

/** What came of a firing. */
export type FiringOutcome = Exclude<TriggerOutcome, 'seen' | 'duplicate' | 'dropped'>;

/**
 * Runs that events and failures start. A row is written in the transaction that stores the event, or the end of the run
 * that failed, so that none is lost. It stays for a week, to answer an event that is sent again.
 */
export const firing = pgTable(
  'firing',
  {
    workspaceId: workspaceId(),
    /** Id of the event, or of the run that failed: one run per key and trigger. */
    key: anyText('key').notNull(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    /** Type of the trigger: it says what `key` is. */
    uses: text('uses').notNull(),
    /** The version that declared the trigger at that time. */
    version: integer('version').notNull(),
    /** How many runs are above the run that is to be started, each started by the one above. Null: none. */
    depth: integer('depth'),
    /** When to try to start the run. Null: it is settled. */
    dueAt: instant('due_at'),
    attempts: integer('attempts').notNull().default(0),
    outcome: text('outcome').$type<FiringOutcome>(),
    runId: text('run_id'),
    /** Why no run was started. */
    reason: anyText('reason'),
    at: instant('at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.key, t.workflow, t.trigger] }),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
    index('firing_due').on(t.workspaceId, t.dueAt).where(sql`${t.dueAt} is not null`),
    index('firing_age').on(t.workspaceId, t.at).where(sql`${t.dueAt} is null`),
  ],
);
