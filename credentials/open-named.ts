import type { OpenConnection } from '../integrations/context.ts';
import { secretFieldsOf } from '../integrations/define-connection.ts';
import { findConnectionType } from '../integrations/index.ts';
import type { At } from './deps.ts';
import type { Credentials } from './open.ts';
import { learningRedactor, type Redactor } from './redact.ts';

/** An opened connection, and what removes its secrets from whatever leaves those who use it: also those that come later. */
export interface Opened {
  readonly connection: OpenConnection;
  readonly redactor: Redactor;
}

/** Opens a connection of the workspace for the code of a provider. */
export async function openNamedConnection(
  { credentials }: { readonly credentials: Credentials },
  at: At,
): Promise<Opened> {
  const redactor = learningRedactor();
  const known = (connection: OpenConnection): OpenConnection => {
    redactor.learn(connection, secretFieldsOf(findConnectionType(connection.type)));
    const { renew } = connection;
    return renew ? { ...connection, renew: async () => known(await renew()) } : connection;
  };
  return { connection: known(await credentials.open(at)), redactor };
}
