import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant, workspaceId } from './columns.ts';

/**
 * What a step must remember between its attempts, such as the id of a draft that it is about to send. Sealed, because it
 * may be as good as a secret: the address of an upload, for example.
 */
export const cell = pgTable(
  'cell',
  {
    workspaceId: workspaceId(),
    /** SHA-256 of the step's idempotency key. */
    key: text('key').notNull(),
    runId: text('run_id').notNull(),
    /** The latest attempt that has read or written. An earlier one may not write any more. */
    attempt: integer('attempt').notNull(),
    /** Which data key of the workspace encrypts the value. Null: nothing has been written yet. */
    dekVersion: integer('dek_version'),
    nonce: bytes('nonce'),
    /** AES-256-GCM ciphertext followed by the 16-byte tag. */
    ciphertext: bytes('ciphertext'),
    writtenAt: instant('written_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] }), index('cell_age').on(t.workspaceId, t.writtenAt)],
);
