import { sql } from 'drizzle-orm';
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytes, instant, jsonText, workspaceId } from './columns.ts';

/** So many calls in so much time, and so many at once after a quiet time. */
export interface RateLimit {
  readonly limit: number;
  readonly per: string;
  readonly burst?: number | undefined;
}

/** Stored credentials. Only `ciphertext` holds anything secret. */
export const connection = pgTable(
  'connection',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    /** Hosts that the credentials may be sent to. Empty: the hosts that the type implies. */
    hosts: jsonText<string[]>('hosts').notNull(),
    /** How many calls its owner allows, in all processes together. Null: nothing is limited, or its type says how many. */
    rateLimit: jsonText<RateLimit>('rate_limit'),
    /** Counts the writes; bound into the ciphertext. */
    revision: integer('revision').notNull(),
    /** Which data key of the workspace encrypts the data. */
    dekVersion: integer('dek_version').notNull(),
    nonce: bytes('nonce').notNull(),
    /** AES-256-GCM ciphertext followed by the 16-byte tag. */
    ciphertext: bytes('ciphertext').notNull(),
    /** What its type shows of the data, sealed apart from it, so that whoever only shows the connection opens no secret. */
    shownNonce: bytes('shown_nonce'),
    shownCiphertext: bytes('shown_ciphertext'),
    createdAt: instant('created_at').notNull().default(sql`now()`),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
    /** When a step or a trigger last opened it, to the minute. */
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
);
