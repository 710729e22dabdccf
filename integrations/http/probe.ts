import { parseServiceJson } from '../../graph/exact-json.ts';
import type { Json } from '../../graph/json.ts';
import type { OpenConnection } from '../context.ts';
import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { withAccess } from './access.ts';
import { addressOf } from './address.ts';
import { exchange } from './exchange.ts';

/** Largest answer that is read for the name of the account. */
const MAX_BYTES = 65_536;

/**
 * Sends one GET with the credential and says in words what came back.
 *
 * @param accountField where the JSON answer names the account, as a path with dots
 */
export async function tryCredential(
  ctx: ConnectionTestContext,
  connection: OpenConnection,
  address: string,
  accountField?: string,
): Promise<ConnectionTestResult> {
  try {
    const target = addressOf(address, undefined);
    return await withAccess(ctx.network, connection, async (access) => {
      const { status, body } = await exchange(ctx, {
        ...target,
        method: 'GET',
        asked: 'GET',
        headers: {},
        body: null,
        access,
        followRedirects: true,
        keyed: false,
        headersTimeoutMs: 15_000,
        bodyTimeoutMs: 15_000,
      });
      const account =
        accountField === undefined || status >= 300 ? undefined : accountIn(await head(body), accountField);
      body.on('error', () => {}).destroy();
      if (status >= 200 && status < 300) return { ok: true, ...(account !== undefined && { account }) };
      return { ok: false, message: `${target.url.host} answered ${status}.` };
    });
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function head(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.byteLength;
    if (size > MAX_BYTES) break;
  }
  // Without a byte order mark, which some services send.
  return new TextDecoder().decode(Buffer.concat(parts));
}

function accountIn(text: string, path: string): string | undefined {
  try {
    const value = path.split('.').reduce<Json | undefined>(inside, parseServiceJson(text));
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}

const inside = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, Json>)[name]
    : undefined;
