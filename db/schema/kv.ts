import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../graph/json.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';

/** State between runs, of the workspace (`workflow` is '') or of one workflow. */
export const kv = pgTable(
  'kv',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    key: anyText('key').notNull(),
    value: jsonText<Json>('value'),
    version: bigint('version', { mode: 'number' }).notNull(),
    /**
     * From this time on the entry counts as absent. A deleted entry stays for a day, so that its versions do not repeat
     * at once.
     */
    expiresAt: instant('expires_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.workflow, t.key] }),
    index('kv_expiry').on(t.workspaceId, t.expiresAt).where(sql`${t.expiresAt} is not null`),
  ],
);

/** The ledger of exactly-once effects. A row is written in the transaction of its effect. */
export const effect = pgTable(
  'effect',
  {
    workspaceId: workspaceId(),
    /** SHA-256 of the idempotency key. */
    key: text('key').notNull(),
    result: jsonText<unknown>('result'),
    at: instant('at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] }), index('effect_age').on(t.workspaceId, t.at)],
);
