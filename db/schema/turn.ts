import { sql } from 'drizzle-orm';
import { bigserial, index, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { anyText, instant, workspaceId } from './columns.ts';

/**
 * Turns of a workflow's `rateLimit`: which runs wait for one, by priority and order of arrival, and which have had one.
 * Those are kept until they no longer count.
 */
export const turn = pgTable(
  'turn',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    workflow: text('workflow').notNull(),
    key: anyText('key').notNull(),
    workflowId: text('workflow_id').notNull(),
    /** 1 goes first, 5 last. */
    priority: smallint('priority').notNull(),
    since: instant('since').notNull().default(sql`now()`),
    /** When the run asks again. */
    asksAt: instant('asks_at'),
    /** When the run had its turn. Null: it waits. */
    takenAt: instant('taken_at'),
    /** From then on, the turn no longer counts. */
    countsUntil: instant('counts_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId] }),
    // Hashed, because an index row holds at most 2.7 KB, and keys are values of any size.
    index('turn_in_line')
      .on(t.workspaceId, t.workflow, sql`md5(${t.key})`, t.priority, t.seq)
      .where(sql`${t.takenAt} is null`),
    index('turn_taken')
      .on(t.workspaceId, t.workflow, sql`md5(${t.key})`, t.takenAt)
      .where(sql`${t.takenAt} is not null`),
    index('turn_over').on(t.workspaceId, t.countsUntil).where(sql`${t.countsUntil} is not null`),
  ],
);
