import type { ConnectionTestContext, ConnectionTestResult } from '../define-connection.ts';
import { calling } from '../failures/classify.ts';
import type { FailureTable } from '../failures/failure-table.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import { type ModelClientContext, WITHOUT_LIMITS } from './bounded-fetch.ts';

/** A request that changes nothing and needs the key. */
export interface Probe {
  readonly errors: FailureTable;
  readonly what: string;
  readonly ask: () => Promise<unknown>;
}

/** Sends one request with the key of a connection, and says in words what came back. */
export async function testModelServer(
  { network, signal, hosts }: ConnectionTestContext,
  { type, data }: { readonly type: string; readonly data: object },
  prepare: (ctx: ModelClientContext) => Promise<Probe>,
): Promise<ConnectionTestResult> {
  const asked: ModelClientContext = {
    connection: { name: 'test', type, data: data as Record<string, unknown>, hosts },
    signal,
    fetch: guardedFetch(network, signal),
    ...WITHOUT_LIMITS,
  };
  const excerpt = (text: string, length: number) => text.slice(0, length);
  try {
    const { errors, what, ask } = await prepare(asked);
    await calling({ signal, excerpt }, errors, { what, writes: false }, ask);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
