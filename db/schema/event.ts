import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json, JsonObject } from '../../graph/json.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** Events as they arrived, kept for waits that begin later. */
export const event = pgTable(
  'event',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    name: anyText('name').notNull(),
    key: anyText('key'),
    data: jsonText<Json>('data'),
    /** Where the event comes from. Null: from a caller that did not say so. */
    source: anyText('source'),
    /** What else came with it: the attributes of a CloudEvent that have no column. Null: nothing. */
    attributes: jsonText<JsonObject>('attributes'),
    receivedAt: instant('received_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('event_by_name').on(t.workspaceId, sql`md5(${t.name})`, t.receivedAt),
    index('event_age').on(t.workspaceId, t.receivedAt),
  ],
);

/** One-use links of `notify`, by the SHA-256 of their token. */
export const resumeToken = pgTable(
  'resume_token',
  {
    workspaceId: workspaceId(),
    hash: text('hash').notNull(),
    runId: text('run_id').notNull(),
    step: text('step').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.hash] })],
);
