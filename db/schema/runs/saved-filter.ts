import { sql } from 'drizzle-orm';
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../graph/json.ts';
import { instant, jsonText, workspaceId } from '../columns.ts';

/** Filters of the list of runs that somebody has given a name. */
export const savedFilter = pgTable(
  'saved_filter',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    filter: jsonText<JsonObject>('filter').notNull(),
    author: text('author').notNull(),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
);
