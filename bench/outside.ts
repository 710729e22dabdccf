import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A service that steps call: `/echo` answers at once, `/delay/20000` after 20 s, `/empty/9` with a list of nine empty
 * objects. It counts calls of `/kept/KEY`.
 */
export interface Outside {
  readonly host: string;
  readonly url: string;
  /** How often each key of `/kept/KEY` was called. */
  readonly kept: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/** Starts the service, apart from Blok's own servers, because nodes may not reach those. */
export async function startOutside(): Promise<Outside> {
  const kept = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    const path = request.url ?? '';
    const key = /^\/kept\/(.+)$/.exec(path)?.[1];
    if (key) kept.set(key, (kept.get(key) ?? 0) + 1);
    const empty = /^\/empty\/(\d+)$/.exec(path)?.[1];
    if (empty)
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`[${Array(Number(empty)).fill('{}').join(',')}]`);
    const ms = Number(/^\/delay\/(\d+)$/.exec(path)?.[1] ?? 0);
    setTimeout(() => response.end('{"ok":true}'), ms).unref();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    kept,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
