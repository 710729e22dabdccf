import type { At } from '../../credentials/index.ts';
import type { OpenConnection } from '../../integrations/context.ts';
import { secretFieldsOf } from '../../integrations/define-connection.ts';
import { findConnectionType } from '../../integrations/index.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { learningRedactor, type Redactor } from '../redact.ts';

/** An opened connection, and what removes its secrets from whatever leaves the activity: also those that come later. */
export interface Opened {
  readonly connection: OpenConnection;
  readonly redactor: Redactor;
}

/** Opens a connection of the workspace. */
export async function openNamedConnection({ credentials }: ActivityDeps, at: At): Promise<Opened> {
  const redactor = learningRedactor();
  const known = (connection: OpenConnection): OpenConnection => {
    redactor.learn(connection, secretFieldsOf(findConnectionType(connection.type)));
    const { renew } = connection;
    return renew ? { ...connection, renew: async () => known(await renew()) } : connection;
  };
  return { connection: known(await credentials.open(at)), redactor };
}
