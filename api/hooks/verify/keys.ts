import { DataError } from '../../../db/index.ts';
import { VERIFY_CONNECTIONS } from '../../../graph/node-types/webhook-trigger.ts';
import { own } from '../../../graph/pointer.ts';
import type { HookReads } from '../reads.ts';
import type { Key, Preset } from './types.ts';

/** The secrets of a connection, by its type: the current one, and the one before it. */
const SECRETS: Readonly<Record<string, (data: Readonly<Record<string, unknown>>) => unknown[]>> = {
  'webhook-secret': ({ secret, previous }) => [secret, previous],
  'http-bearer': ({ token }) => [token],
  'http-basic': ({ user, password }) => [`${String(user)}:${String(password)}`],
};

/**
 * The keys with which a request may be signed, or why there are none. They are opened for this check and never kept.
 *
 * @returns the reason as a text, for the operator; callers are not told
 */
export async function openKeys(
  { open }: HookReads,
  { verify, preset, connection }: { verify: string; preset: Preset; connection: string | undefined },
): Promise<readonly Key[] | string> {
  const types = own(VERIFY_CONNECTIONS, verify) ?? [];
  if (types.length === 0) return [];
  if (connection === undefined) return `\`verify: ${verify}\` names no connection.`;
  try {
    const { type, data } = await open(connection);
    if (!types.includes(type))
      return `The connection "${connection}" is of type ${type}; \`verify: ${verify}\` takes ${types.join(' or ')}.`;
    const secrets = SECRETS[type]!(data).filter((one): one is string => typeof one === 'string' && one !== '');
    const keys = secrets.map((secret) => (preset.key ? preset.key(secret) : secret));
    const usable = keys.filter((key) => key !== null);
    if (keys.length === 0 || usable.length < keys.length)
      return `A secret of the connection "${connection}" is not of the form that \`verify: ${verify}\` needs. Store it again.`;
    return usable;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}
