import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../graph/json.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** What operators did to runs: who, when and why. One row per request. */
export const control = pgTable(
  'control',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    /** The key of the request: sent again under the same key, it is the same request. */
    id: anyText('id').notNull(),
    action: text('action').notNull(),
    /** Path of the step, if it was done to one. */
    step: anyText('step'),
    /** Who asked for it. */
    by: anyText('by').notNull(),
    reason: anyText('reason'),
    at: instant('at').notNull().default(sql`now()`),
    /** What was asked for besides, for readers: never whole outputs. */
    detail: jsonText<JsonObject>('detail'),
    /** Hash of the request. */
    digest: text('digest').notNull(),
    /** `pending` until it is known; `done`, or the code of the problem that kept it from being done. */
    outcome: text('outcome').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.runId, t.id] }),
    index('control_by_time').on(t.workspaceId, t.runId, t.at, t.id),
  ],
);
