import type { OpenConnection } from '../context.ts';
import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { withAccess } from './access.ts';
import { addressOf } from './address.ts';
import { exchange } from './exchange.ts';

/** Sends one GET with the credential and says in words what came back. */
export async function tryCredential(
  ctx: ConnectionTestContext,
  connection: OpenConnection,
  address: string,
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
      body.on('error', () => {}).destroy();
      if (status >= 200 && status < 300) return { ok: true };
      return { ok: false, message: `${target.url.host} answered ${status}.` };
    });
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
