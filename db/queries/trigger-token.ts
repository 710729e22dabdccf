import { createHash, createHmac } from 'node:crypto';
import type { Tenant } from '../database.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { currentDataKey, openDataKey } from './data-keys.ts';

/** Bytes of a token: 192 bits, which nobody guesses. */
const TOKEN_BYTES = 24;

/** What the token of a trigger's address is derived from. */
export interface TokenSource {
  readonly workflow: string;
  readonly id: string;
  readonly rotation: number;
  /** Version of the workspace's data key. */
  readonly tokenKey: number;
}

/** The hash by which a request's token is looked up. The database holds no token. */
export const hashTriggerToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The token in the address of a webhook or form: always the same for the same source, so that it can be shown again. */
export async function triggerToken(tx: Tenant, keyring: Keyring, source: TokenSource): Promise<string> {
  return derive(tx, await openDataKey(tx, keyring, source.tokenKey), source);
}

/** The hash of a new token, and the data key it was derived from. */
export async function newTriggerToken(
  tx: Tenant,
  keyring: Keyring,
  source: Omit<TokenSource, 'tokenKey'>,
): Promise<{ tokenHash: string; tokenKey: number }> {
  const { key, version } = await currentDataKey(tx, keyring);
  return { tokenHash: hashTriggerToken(derive(tx, key, source)), tokenKey: version };
}

const derive = (tx: Tenant, key: Uint8Array, { workflow, id, rotation }: Omit<TokenSource, 'tokenKey'>): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['blok trigger v1', tx.workspace, workflow, id, rotation]))
    .digest()
    .subarray(0, TOKEN_BYTES)
    .toString('base64url');
