import type { OpenConnection } from '../integrations/context.ts';
import { secretFieldsOf } from '../integrations/define-connection.ts';
import { NodeError } from '../integrations/error.ts';
import { findConnectionType } from '../integrations/index.ts';
import type { At } from './deps.ts';
import type { Credentials } from './open.ts';
import { type LearningRedactor, learningRedactor, type Redactor } from './redact.ts';

/** An opened connection, and what removes its secrets from whatever leaves those who use it: also those that come later. */
export interface Opened {
  readonly connection: OpenConnection;
  readonly redactor: Redactor;
}

/**
 * Opens a connection of the workspace for the code of a provider, and the connections that it names.
 *
 * @param isKeyless whoever uses it needs only what may be shown of it, if that is kept apart
 */
export async function openNamedConnection(
  { credentials }: { readonly credentials: Credentials },
  at: At,
  { isKeyless = false }: { readonly isKeyless?: boolean } = {},
): Promise<Opened> {
  const redactor = learningRedactor();
  const connection = (isKeyless ? await credentials.openShown(at) : null) ?? (await credentials.open(at));
  const linked: Record<string, OpenConnection> = {};
  for (const [field, type] of Object.entries(findConnectionType(connection.type)?.links ?? {})) {
    if (connection.data[field] === undefined) continue;
    const name = String(connection.data[field]);
    const other = await credentials.open({ ...at, name });
    if (other.type !== type) throw wrongLink(connection, { field, type, other });
    linked[field] = known(redactor, other);
  }
  const opened = known(redactor, connection);
  return { connection: Object.keys(linked).length === 0 ? opened : { ...opened, linked }, redactor };
}

/** The connection, after the redactor has learned its secrets: those of each renewed token, too. */
function known(redactor: LearningRedactor, connection: OpenConnection): OpenConnection {
  redactor.learn(connection, secretFieldsOf(findConnectionType(connection.type)));
  const { renew } = connection;
  return renew ? { ...connection, renew: async () => known(redactor, await renew()) } : connection;
}

const wrongLink = (
  { name }: OpenConnection,
  { field, type, other }: { readonly field: string; readonly type: string; readonly other: OpenConnection },
): NodeError =>
  new NodeError(
    'connection.type',
    `The connection "${name}" names "${other.name}" as its ${field}, which is of type ${other.type}. It must be of type ${type}.`,
  );
