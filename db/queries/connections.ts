import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { connection, type GrantState, oauthGrant, type RateLimit } from '../schema/index.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { seal, unseal } from '../secrets/seal.ts';
import { currentDataKey, openDataKey } from './data-keys.ts';
import { altered, connectionIs, connectionRow, contextOf } from './sealed/connection-row.ts';
import { sealShown } from './sealed/shown-connection.ts';

/** What may be shown of a connection. */
export interface ConnectionInfo {
  readonly name: string;
  readonly type: string;
  readonly hosts: readonly string[];
  readonly rateLimit: RateLimit | null;
  readonly updatedAt: string;
  /** To the minute; null if no step and no trigger has opened it yet. */
  readonly lastUsedAt: string | null;
  /** Null if its type does not speak OAuth 2.0. */
  readonly grant: GrantInfo | null;
}

/** What may be shown of the tokens of a connection. */
export interface GrantInfo {
  readonly state: GrantState;
  readonly error: string | null;
  readonly account: string | null;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly connectedAt: string | null;
}

/**
 * Stores a connection, with its data sealed under the workspace's data key, together with its type and hosts. Replaces
 * the connection of that name. What may be shown of it is sealed once more, by itself.
 */
export async function putConnection(
  tx: Tenant,
  input: {
    name: string;
    type: string;
    data: Record<string, unknown>;
    hosts: readonly string[];
    keyring: Keyring;
    rateLimit?: RateLimit;
    /** What its type shows of the data; absent: nothing. */
    shown?: Readonly<Record<string, unknown>> | undefined;
  },
): Promise<void> {
  const { name, type, keyring, rateLimit = null, shown } = input;
  const dek = await currentDataKey(tx, keyring);
  // Locks the row first: the revision is part of what is sealed.
  const [before] = await tx.db
    .insert(connection)
    .values({
      workspaceId: tx.workspace,
      name,
      type,
      hosts: [...input.hosts],
      revision: 0,
      dekVersion: dek.version,
      nonce: new Uint8Array(),
      ciphertext: new Uint8Array(),
    })
    .onConflictDoUpdate({ target: [connection.workspaceId, connection.name], set: { type } })
    .returning({ revision: connection.revision });
  const revision = before!.revision + 1;
  const plaintext = Buffer.from(JSON.stringify(input.data));
  const sealed = seal(dek.key, plaintext, contextOf(tx.workspace, { ...input, revision }));
  plaintext.fill(0);
  const open = sealShown(dek.key, shown, { workspace: tx.workspace, row: { ...input, revision } });
  await tx.db
    .update(connection)
    .set({
      hosts: [...input.hosts],
      ...{ rateLimit, revision, dekVersion: dek.version },
      ...sealed,
      ...open,
      updatedAt: sql`now()`,
    })
    .where(connectionIs(tx, name));
}

/** Connections by name, without anything secret. */
export async function listConnections(tx: Tenant): Promise<ConnectionInfo[]> {
  return infos(tx, eq(connection.workspaceId, tx.workspace));
}

/** A connection, without anything secret; null if there is none. */
export async function getConnection(tx: Tenant, input: { name: string }): Promise<ConnectionInfo | null> {
  const [row] = await infos(tx, connectionIs(tx, input.name));
  return row ?? null;
}

const infos = (tx: Tenant, where: SQL | undefined): Promise<ConnectionInfo[]> =>
  tx.db
    .select({
      name: connection.name,
      type: connection.type,
      hosts: connection.hosts,
      rateLimit: connection.rateLimit,
      updatedAt: connection.updatedAt,
      lastUsedAt: connection.lastUsedAt,
      grant: {
        state: oauthGrant.state,
        error: oauthGrant.error,
        account: oauthGrant.account,
        scopes: oauthGrant.scopes,
        expiresAt: oauthGrant.expiresAt,
        connectedAt: oauthGrant.connectedAt,
      },
    })
    .from(connection)
    .leftJoin(
      oauthGrant,
      and(eq(oauthGrant.workspaceId, connection.workspaceId), eq(oauthGrant.connection, connection.name)),
    )
    .where(where)
    .orderBy(asc(connection.name));

/** Notes that a connection is used: at most once a minute, because a busy connection is opened all the time. */
export async function noteUse(tx: Tenant, input: { name: string }): Promise<void> {
  const isOld = sql`coalesce(${connection.lastUsedAt} < now() - interval '1 minute', true)`;
  await tx.db
    .update(connection)
    .set({ lastUsedAt: sql`now()` })
    .where(and(connectionIs(tx, input.name), isOld));
}

/**
 * Decrypts a connection. For activities only: never log it, return it or put it in a payload.
 *
 * @throws DataError `connection.notFound`; `connection.unreadable` (another secret key, or altered data)
 */
export async function openConnection(
  tx: Tenant,
  input: { name: string; keyring: Keyring },
): Promise<{
  name: string;
  type: string;
  data: Record<string, unknown>;
  hosts: readonly string[];
  rateLimit: RateLimit | null;
}> {
  const row = await connectionRow(tx, input.name);
  const key = await openDataKey(tx, input.keyring, row.dekVersion);
  let plaintext: Buffer;
  try {
    plaintext = unseal(key, row, contextOf(tx.workspace, row));
  } catch (cause) {
    throw altered(row.name, cause);
  }
  const data = JSON.parse(plaintext.toString()) as Record<string, unknown>;
  plaintext.fill(0);
  return { name: row.name, type: row.type, data, hosts: row.hosts, rateLimit: row.rateLimit };
}

/** Keeps everybody else from changing a connection until the transaction ends. */
export async function lockConnection(tx: Tenant, input: { name: string }): Promise<void> {
  await tx.db.select({ name: connection.name }).from(connection).where(connectionIs(tx, input.name)).for('update');
}

/** Deletes a connection; false if there was none. */
export async function deleteConnection(tx: Tenant, input: { name: string }): Promise<boolean> {
  const gone = await tx.db.delete(connection).where(connectionIs(tx, input.name)).returning({ name: connection.name });
  return gone.length > 0;
}
