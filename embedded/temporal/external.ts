/** A Temporal that we do not run: the user's own cluster, or Temporal Cloud. */
import { Connection } from '@temporalio/client';
import type { TemporalSettings } from '../../settings/environment.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts';
import { pause } from '../process/wait.ts';
import { ensureNamespace, ensureSearchAttributes, RETENTION_SECONDS } from './namespace.ts';
import { isTooOld, OLDEST_SERVER } from './server-version.ts';

/** Connects. The caller closes the connection. */
export function connectExternal({ address, apiKey, tls }: TemporalSettings): Promise<Connection> {
  return Connection.connect({
    address,
    connectTimeout: 5_000,
    ...(tls ? { tls: true } : {}),
    ...(apiKey ? { apiKey } : {}),
  });
}

/**
 * Makes the namespace and the search attributes of Blok if they are missing. May be called at every start.
 * @param patienceMs how long to wait for a server that is still starting
 * @param say receives a line about each setting that is allowed but unwise
 * @throws Error that says what to do
 */
export async function prepareExternal(
  temporal: TemporalSettings,
  { patienceMs, say, signal }: { patienceMs: number; say: (line: string) => void; signal?: AbortSignal },
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await prepare(temporal, say);
    } catch (error) {
      signal?.throwIfAborted();
      if (Date.now() >= until) throw unprepared(temporal, error as Error);
      await pause(1_000, signal);
    }
  }
}

async function prepare(temporal: TemporalSettings, say: (line: string) => void) {
  const { namespace } = temporal;
  const connection = await connectExternal(temporal);
  try {
    const retention = await ensureNamespace(connection, namespace);
    await ensureSearchAttributes(connection, namespace);
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    if (serverVersion && isTooOld(serverVersion)) say(oldServer(temporal, serverVersion));
    if (retention >= RETENTION_SECONDS) return;
    say(
      `Namespace ${namespace} keeps closed runs for ${Math.round(retention / 3600)} h. For that long, and no longer, ` +
        'Temporal refuses a second start with the same idempotency key: 7 days or more are recommended.',
    );
  } finally {
    await connection.close();
  }
}

function oldServer({ address }: TemporalSettings, version: string) {
  return (
    `Temporal at ${address} (TEMPORAL_ADDRESS) is server ${version}. Servers before ${OLDEST_SERVER} have known security ` +
    'holes, and Blok is not tested on them: update it.'
  );
}

function unprepared({ address, namespace }: TemporalSettings, { message }: Error) {
  return new Error(
    `Temporal at ${address} (TEMPORAL_ADDRESS) cannot be used: ${message}\n` +
      `If it runs but does not let us prepare it, create the namespace ${namespace} and, in it, these search attributes ` +
      `of type Keyword: ${SEARCH_ATTRIBUTES.join(', ')}`,
  );
}
