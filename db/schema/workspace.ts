import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant, workspaceId } from './columns.ts';

/** The tenants. */
export const workspace = pgTable('workspace', {
  workspaceId: text('workspace_id').primaryKey(),
  createdAt: instant('created_at').notNull().default(sql`now()`),
  /** Where its days begin and end. */
  timeZone: text('time_zone').notNull().default('UTC'),
  /** A graph is published only with graph tests that pass. */
  requireTests: boolean('require_tests').notNull().default(false),
});

/** Data keys of a workspace, each wrapped by a key-encryption key that is not in the database. */
export const dataKey = pgTable(
  'data_key',
  {
    workspaceId: workspaceId(),
    version: integer('version').notNull(),
    /** Which key-encryption key wraps it: the start of that key's SHA-256. */
    kekId: text('kek_id').notNull(),
    nonce: bytes('nonce').notNull(),
    /** Ciphertext followed by the 16-byte tag. */
    wrapped: bytes('wrapped').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.version] })],
);

/**
 * Work that is done once in the life of a workspace. The role of the queries may add rows, never change or remove them:
 * whoever writes rows could otherwise have the work repeated on rows of their choice.
 */
export const milestone = pgTable(
  'milestone',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    reachedAt: instant('reached_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
);
