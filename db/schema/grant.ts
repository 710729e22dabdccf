import { sql } from 'drizzle-orm';
import { foreignKey, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, bytes, instant, jsonText, workspaceId } from './columns.ts';
import { connection } from './connection.ts';

/** Whether a connection has access: `reconnect` until a person connects it (again). */
export type GrantState = 'ok' | 'reconnect';

/** The tokens of connections that speak OAuth 2.0. Only `ciphertext` holds anything secret. */
export const oauthGrant = pgTable(
  'oauth_grant',
  {
    workspaceId: workspaceId(),
    connection: text('connection').notNull(),
    /** Counts the changes of the tokens; bound into the ciphertext. Who writes names the version that was read. */
    version: integer('version').notNull(),
    /** SHA-256 of what the tokens belong to: the connection without its secrets. Bound into the ciphertext. */
    binding: text('binding').notNull(),
    state: text('state').$type<GrantState>().notNull(),
    /** Why there is no access, or why the last renewal failed. */
    error: anyText('error'),
    errorAt: instant('error_at'),
    /** Which data key of the workspace encrypts the tokens; null until there are any. */
    dekVersion: integer('dek_version'),
    nonce: bytes('nonce'),
    ciphertext: bytes('ciphertext'),
    /** When the access token ends. */
    expiresAt: instant('expires_at'),
    account: anyText('account'),
    scopes: jsonText<string[]>('scopes'),
    connectedAt: instant('connected_at'),
    refreshedAt: instant('refreshed_at'),
    /** Who asks for the next tokens now, and until when the others wait for the answer. */
    lease: text('lease'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.connection] }),
    foreignKey({
      columns: [t.workspaceId, t.connection],
      foreignColumns: [connection.workspaceId, connection.name],
    }).onDelete('cascade'),
  ],
);

/** Visits of authorize pages that have not come back. Each comes back at most once. */
export const oauthVisit = pgTable(
  'oauth_visit',
  {
    workspaceId: workspaceId(),
    /** SHA-256 of the parameter `state`, in hexadecimal. */
    stateHash: text('state_hash').notNull(),
    connection: text('connection').notNull(),
    /** What the visit is for, as in `oauth_grant`: a connection that was changed meanwhile is not connected. */
    binding: text('binding').notNull(),
    /** Name of the service in the address to which the page sends people back. */
    server: text('server').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.stateHash] }),
    foreignKey({
      columns: [t.workspaceId, t.connection],
      foreignColumns: [connection.workspaceId, connection.name],
    }).onDelete('cascade'),
  ],
);
