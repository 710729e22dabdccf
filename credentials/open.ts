import type { OpenConnection } from '../integrations/context.ts';
import { ACCESS_TOKEN } from '../integrations/define-connection.ts';
import type { At, CredentialDeps } from './deps.ts';
import { canRenew, type Held, nextTokens, usable, type Wanted } from './renew.ts';
import { readShown, readStored, type Stored } from './stored.ts';

/** Opens the connections of one process. */
export interface Credentials {
  /**
   * A connection of the workspace, decrypted, with a token that can be used now. Its fields never leave whoever uses it.
   *
   * @throws DataError `connection.notFound`, `connection.unreadable`; NodeError `connection.expired`, `connection.refresh`
   */
  open(at: At): Promise<OpenConnection>;
  /** Only what may be shown of it, and its secrets stay closed; null if nothing of it is kept apart. @throws as `open` */
  openShown(at: At): Promise<OpenConnection | null>;
  /** The same as `open`, with another token than the stored one, if there is one to be had. */
  renew(at: At): Promise<OpenConnection>;
}

/** Opens connections. Those who wait for the next tokens of one connection wait together. */
export function createCredentials(deps: CredentialDeps): Credentials {
  const running = new Map<string, Promise<Held>>();

  function together(at: At, wanted: Wanted): Promise<Held> {
    const key = JSON.stringify([at.workspace, at.name, wanted.refused ?? null]);
    const found = running.get(key);
    if (found) return found;
    const asked = nextTokens(deps, at, wanted).finally(() => running.delete(key));
    running.set(key, asked);
    return asked;
  }

  async function withToken(at: At, stored: Stored, wanted: Wanted): Promise<OpenConnection> {
    if (stored.oauth === null) return stored.connection;
    return opened(usable(deps, stored, wanted) ?? (await together(at, wanted)), at);
  }

  function opened({ stored, oauth, tokens, version }: Held, at: At): OpenConnection {
    const { connection } = stored;
    const { secretFields } = oauth.type;
    const open = Object.entries(connection.data).filter(([field]) => !secretFields.includes(field));
    return {
      ...connection,
      data: { ...tokens.kept, ...Object.fromEntries(open), [ACCESS_TOKEN]: tokens.accessToken },
      ...(canRenew(oauth) && {
        renew: async () => withToken(at, await readStored(deps, at), { refused: version }),
      }),
    };
  }

  return {
    open: async (at) => withToken(at, await readStored(deps, at, !at.isLook), {}),
    openShown: (at) => readShown(deps, at),
    renew: async (at) => {
      const stored = await readStored(deps, at);
      const version = stored.oauth?.grant?.version;
      return withToken(at, stored, version === undefined ? {} : { refused: version });
    },
  };
}
