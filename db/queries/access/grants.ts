import { and, eq, gt, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type GrantState, oauthGrant } from '../../schema/index.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { grantIs, openTokens, sealTokens } from './row.ts';

/** The grant of a connection, opened. Never log it or return it to a caller. */
export interface OpenGrant {
  readonly version: number;
  readonly binding: string;
  readonly state: GrantState;
  readonly error: string | null;
  readonly tokens: Record<string, unknown> | null;
}

/** What may be shown of a grant. */
export interface GrantFacts {
  readonly expiresAt: string | null;
  readonly account: string | null;
  readonly scopes: readonly string[] | null;
}

const NO_LEASE = { lease: null, leaseUntil: null };

/** A row without tokens. */
const EMPTY = {
  ...{ errorAt: null, dekVersion: null, nonce: null, ciphertext: null, ...NO_LEASE },
  ...{ expiresAt: null, account: null, scopes: null, connectedAt: null, refreshedAt: null },
};

/**
 * Makes room for the tokens of a connection that was stored. Tokens of what the connection was before are dropped, unless
 * only its secrets have changed.
 */
export async function prepareGrant(
  tx: Tenant,
  input: { connection: string; binding: string; state: GrantState; error: string | null },
): Promise<void> {
  const { connection, binding, state, error } = input;
  await tx.db
    .insert(oauthGrant)
    .values({ workspaceId: tx.workspace, connection, version: 1, binding, state, error })
    .onConflictDoUpdate({
      target: [oauthGrant.workspaceId, oauthGrant.connection],
      set: {
        ...{ binding, state, error, ...EMPTY },
        version: sql`${oauthGrant.version} + 1`,
      },
      setWhere: sql`${oauthGrant.binding} <> ${binding}`,
    });
  // With other secrets, the next renewal may succeed.
  await tx.db
    .update(oauthGrant)
    .set({ state: 'ok', error: null, errorAt: null, ...NO_LEASE })
    .where(and(grantIs(tx, connection), state === 'ok' ? undefined : eq(oauthGrant.state, 'ok')));
}

/** Forgets the tokens of a connection. Whoever asks for the next ones at this moment cannot store them any more. */
export async function forgetTokens(
  tx: Tenant,
  input: { connection: string; state: GrantState; error: string | null },
): Promise<void> {
  const { connection, state, error } = input;
  await tx.db
    .update(oauthGrant)
    .set({ ...EMPTY, state, error, version: sql`${oauthGrant.version} + 1` })
    .where(grantIs(tx, connection));
}

/** Removes the grant of a connection; false if there was none. */
export async function deleteGrant(tx: Tenant, input: { connection: string }): Promise<boolean> {
  const gone = await tx.db.delete(oauthGrant).where(grantIs(tx, input.connection)).returning({ v: oauthGrant.version });
  return gone.length > 0;
}

/** The grant of a connection, with its tokens; null if there is none. */
export async function openGrant(
  tx: Tenant,
  input: { connection: string; keyring: Keyring },
): Promise<OpenGrant | null> {
  const [row] = await tx.db.select().from(oauthGrant).where(grantIs(tx, input.connection));
  if (!row) return null;
  const { version, binding, state, error } = row;
  return { version, binding, state, error, tokens: await openTokens(tx, row, input.keyring) };
}

/**
 * Takes the right to ask for the next tokens. Nobody else has it for a while, and no row stays locked meanwhile.
 *
 * @returns false if somebody else has it, or if the tokens have changed
 */
export async function leaseGrant(
  tx: Tenant,
  input: { connection: string; version: number; lease: string; seconds: number },
): Promise<boolean> {
  const { connection, version, lease, seconds } = input;
  const taken = await tx.db
    .update(oauthGrant)
    .set({ lease, leaseUntil: sql`now() + make_interval(secs => ${seconds})` })
    .where(
      and(
        grantIs(tx, connection),
        eq(oauthGrant.version, version),
        eq(oauthGrant.state, 'ok'),
        or(isNull(oauthGrant.leaseUntil), lt(oauthGrant.leaseUntil, sql`now()`)),
      ),
    )
    .returning({ version: oauthGrant.version });
  return taken.length > 0;
}

/**
 * Stores the tokens that came instead of those of a version.
 *
 * @param input.isNew a person has connected the connection
 * @returns false if the version is not the current one any more: nothing was stored
 */
export async function storeTokens(
  tx: Tenant,
  input: {
    connection: string;
    version: number;
    binding: string;
    tokens: object;
    facts: GrantFacts;
    keyring: Keyring;
    isNew?: boolean;
  },
): Promise<boolean> {
  const { connection, binding, facts, isNew = false } = input;
  const version = input.version + 1;
  const sealed = await sealTokens(tx, { connection, version, binding }, input.tokens, input.keyring);
  const stored = await tx.db
    .update(oauthGrant)
    .set({
      ...{ version, state: 'ok', error: null, errorAt: null, ...NO_LEASE, ...sealed },
      ...{ expiresAt: facts.expiresAt, scopes: facts.scopes === null ? null : [...facts.scopes] },
      ...(facts.account !== null && { account: facts.account }),
      ...(isNew ? { connectedAt: sql`now()` } : { refreshedAt: sql`now()` }),
    })
    .where(and(grantIs(tx, connection), eq(oauthGrant.version, input.version), eq(oauthGrant.binding, binding)))
    .returning({ version: oauthGrant.version });
  return stored.length > 0;
}

/**
 * Connections that a person has connected and whose tokens nobody has renewed since a time, by name.
 *
 * @param input `after`: only those whose names come after this one
 */
export async function listQuietGrants(
  tx: Tenant,
  input: { before: Date; after: string; limit: number },
): Promise<{ name: string; version: number }[]> {
  const renewedAt = sql`coalesce(${oauthGrant.refreshedAt}, ${oauthGrant.connectedAt})`;
  return tx.db
    .select({ name: oauthGrant.connection, version: oauthGrant.version })
    .from(oauthGrant)
    .where(
      and(
        eq(oauthGrant.workspaceId, tx.workspace),
        eq(oauthGrant.state, 'ok'),
        isNotNull(oauthGrant.ciphertext),
        isNotNull(oauthGrant.connectedAt),
        sql`${renewedAt} < ${input.before.toISOString()}`,
        gt(oauthGrant.connection, input.after),
      ),
    )
    .orderBy(oauthGrant.connection)
    .limit(input.limit);
}

/**
 * Notes that no tokens came, and gives the lease back.
 *
 * @param input.state `reconnect` if only a person can help
 * @returns false if somebody else has changed the tokens or holds the lease
 */
export async function noteRefusal(
  tx: Tenant,
  input: { connection: string; version: number; lease: string | null; state: GrantState; error: string },
): Promise<boolean> {
  const { connection, version, lease, state, error } = input;
  const noted = await tx.db
    .update(oauthGrant)
    .set({ state, error, errorAt: sql`now()`, ...NO_LEASE })
    .where(
      and(
        grantIs(tx, connection),
        eq(oauthGrant.version, version),
        lease === null ? undefined : eq(oauthGrant.lease, lease),
      ),
    )
    .returning({ version: oauthGrant.version });
  return noted.length > 0;
}

/** Notes as whom a connection acts, as a test has found out. */
export async function noteAccount(
  tx: Tenant,
  input: { connection: string; account: string | null; scopes: readonly string[] | null },
): Promise<void> {
  const { account, scopes } = input;
  if (account === null && scopes === null) return;
  await tx.db
    .update(oauthGrant)
    .set({ ...(account !== null && { account }), ...(scopes !== null && { scopes: [...scopes] }) })
    .where(grantIs(tx, input.connection));
}
