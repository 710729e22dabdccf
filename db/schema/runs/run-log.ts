import { date, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../../graph/json.ts';
import { anyText, bytewiseText, instant, jsonText, workspaceId } from '../columns.ts';

/** What the steps of runs have logged. Partitioned by month. */
export const runLog = pgTable(
  'run_log',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    at: instant('at').notNull(),
    step: bytewiseText('step').notNull(),
    attempt: integer('attempt').notNull(),
    /** Its place among the lines of the attempt. */
    seq: integer('seq').notNull(),
    month: date('month').notNull(),
    level: text('level').$type<'info' | 'warn'>().notNull(),
    message: anyText('message').notNull(),
    data: jsonText<Json>('data'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId, t.at, t.step, t.attempt, t.seq, t.month] })],
);
