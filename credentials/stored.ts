import { createHash } from 'node:crypto';
import * as db from '../db/index.ts';
import { canonicalJson } from '../graph/document/canonical.ts';
import type { OpenConnection } from '../integrations/context.ts';
import type { ConnectionType } from '../integrations/define-connection.ts';
import type { OAuthUse } from '../integrations/oauth/provider.ts';
import type { Tokens } from '../integrations/oauth/tokens.ts';
import { openConnection } from '../integrations/open-connection.ts';
import type { At, CredentialDeps } from './deps.ts';

/** A connection as it is stored, decrypted. Never leaves this room as a whole. */
export interface Stored {
  readonly connection: OpenConnection;
  /** What it has to do with OAuth 2.0; null if its type has nothing to do with it. */
  readonly oauth: StoredOAuth | null;
}

export interface StoredOAuth {
  readonly type: ConnectionType;
  readonly use: OAuthUse;
  readonly binding: string;
  /** Null if the connection was never prepared for tokens, or was changed since. */
  readonly grant: { readonly version: number; readonly state: db.GrantState; readonly error: string | null } | null;
  readonly tokens: Tokens | null;
}

/** Does work in the workspace of a connection. */
export const within = <T>(
  { database }: CredentialDeps,
  { workspace }: Pick<At, 'workspace'>,
  work: (tx: db.Tenant) => Promise<T>,
) => db.withWorkspace(database, workspace, work);

/**
 * Reads a connection and its tokens.
 *
 * @param isUse somebody is about to use it
 * @throws DataError `connection.notFound`, `connection.unreadable`; NodeError `connection.invalid`
 */
export async function readStored(deps: CredentialDeps, at: At, isUse = false): Promise<Stored> {
  const { keyring } = deps;
  const { name } = at;
  const read = () =>
    within(deps, at, async (tx) => {
      const connection = await db.openConnection(tx, { name, keyring });
      const type = deps.findType(connection.type);
      const grant = type?.oauth ? await db.openGrant(tx, { connection: name, keyring }) : null;
      if (isUse) await db.noteUse(tx, { name });
      return { connection, oauth: type?.oauth ? oauthOf(type, connection, grant) : null };
    });
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof db.DataError) || error.code !== 'connection.unreadable') throw error;
    // After an upgrade, a worker may open a connection before an API has started and sealed all of them again.
    if (!(await within(deps, at, (tx) => db.resealConnections(tx, keyring)))) throw error;
    return read();
  }
}

/** What may be shown of a connection that somebody is about to use; null if nothing of it is kept apart. */
export const readShown = (deps: CredentialDeps, at: At): Promise<OpenConnection | null> =>
  within(deps, at, async (tx) => {
    const { shown, ...connection } = await db.openShown(tx, { name: at.name, keyring: deps.keyring });
    if (shown === null) return null;
    if (!at.isLook) await db.noteUse(tx, { name: at.name });
    return { ...connection, data: shown };
  });

function oauthOf(type: ConnectionType, connection: OpenConnection, grant: db.OpenGrant | null): StoredOAuth {
  const { data } = openConnection(connection, type);
  const binding = bindingOf(type, connection);
  const isOwn = grant !== null && grant.binding === binding;
  return {
    type,
    use: type.oauth!(data),
    binding,
    grant: isOwn ? grant : null,
    tokens: isOwn ? (grant.tokens as unknown as Tokens | null) : null,
  };
}

/**
 * What tokens belong to: everything about a connection except its secrets, so that a secret is changed without asking a
 * person again, and tokens never go to a service or host for which they were not given.
 */
export function bindingOf(
  type: Pick<ConnectionType, 'type' | 'secretFields'>,
  { data, hosts }: Pick<OpenConnection, 'data' | 'hosts'>,
): string {
  const open = Object.entries(data).filter(
    ([field, value]) => !type.secretFields.includes(field) && value !== undefined,
  );
  return createHash('sha256')
    .update(canonicalJson([type.type, hosts, Object.fromEntries(open)]))
    .digest('base64url');
}
