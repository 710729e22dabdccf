import { parseServiceJson } from '../../../../graph/exact-json.ts';
import { NodeError } from '../../../error.ts';
import { calling } from '../../../failures/classify.ts';
import type { FailureTable } from '../../../failures/failure-table.ts';
import { boundedBody } from '../../../network/bounded-body.ts';
import type { Caller } from '../../chain/json-rpc.ts';
import { toBase58 } from '../../notation/base58.ts';
import type { VaultCredentials, VaultSigner } from './fields.ts';
import { type RemoteKey, wrongKind } from './remote-key.ts';

/** What Vault answers that is no success. 412: this server is behind the one that wrote; 472, 473: it is a stand-by. */
const errors: FailureTable = {
  provider: 'vault',
  codeAt: [],
  messageAt: ['errors.[]'],
  retryable: ['412', '429', '472', '473', '503'],
};

/** A key of the transit engine, as the server shows it. */
interface TransitKey {
  readonly type?: string;
  readonly derived?: boolean;
  readonly latest_version?: number;
  readonly keys?: Readonly<Record<string, { readonly public_key?: string }>>;
}

/**
 * A key in the transit engine of Vault, by its HTTP API. There is no library of its makers for Node. A key has versions, each
 * of which is another address, so the one of the wallet's address is named in each request.
 */
export function vaultTransit(
  ctx: Caller,
  { url, mount, key, namespace }: VaultSigner,
  { token }: VaultCredentials,
): RemoteKey {
  let version: number | null = null;
  const call = (path: string, signal: AbortSignal, body?: object): Promise<Record<string, unknown>> =>
    calling(ctx, errors, { what: path, writes: false }, async () => {
      const response = await ctx.fetch(`${url.replace(/\/+$/, '')}/v1/${mount}/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'x-vault-token': token,
          'x-vault-request': 'true',
          ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal,
      });
      const text = (await boundedBody(response, LARGEST_ANSWER, tooLarge)).toString('utf8');
      if (!response.ok) throw { status: response.status, headers: response.headers, body: text };
      return dataIn(text, path);
    });
  return {
    service: 'Vault',
    address: async (expected, signal) => {
      const found = (await call(`keys/${key}`, signal)) as TransitKey;
      if (found.type !== 'ed25519' || found.derived === true)
        throw wrongKind('Vault', found.derived ? 'derived' : String(found.type), 'ed25519, not derived');
      const addresses = Object.entries(found.keys ?? {}).map(([no, one]) => [Number(no), addressOf(one)] as const);
      const own = addresses.find(([, address]) => address === expected);
      version = own?.[0] ?? null;
      const newest = addresses.find(([no]) => no === found.latest_version)?.[1] ?? 'nobody';
      return own?.[1] ?? newest;
    },
    sign: async (message, signal) => {
      const input = Buffer.from(message).toString('base64');
      const { signature } = await call(`sign/${key}`, signal, {
        input,
        ...(version !== null && { key_version: version }),
      });
      const [, , encoded] = /^(vault:v\d{1,9}):([A-Za-z0-9+/=]{1,200})$/.exec(String(signature)) ?? [];
      return Buffer.from(encoded ?? '', 'base64');
    },
  };
}

const addressOf = ({ public_key: key = '' }: { readonly public_key?: string }): string =>
  toBase58(Buffer.from(key, 'base64'));

/** No answer of Vault that we ask for comes near this size: a key with thousands of versions. */
const LARGEST_ANSWER = 1024 * 1024;

const tooLarge = (): NodeError => unreadable('the answer is too large');

function dataIn(text: string, path: string): Record<string, unknown> {
  try {
    const { data } = parseServiceJson(text) as { data?: unknown };
    if (data !== null && typeof data === 'object') return data as Record<string, unknown>;
  } catch {
    // Said below: half an answer is none.
  }
  throw unreadable(path);
}

const unreadable = (what: string): NodeError =>
  new NodeError('vault.answer', `Vault answered what is no answer of its API: ${what}.`, { retryable: true });
