import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that steps call: `/echo` answers at once, `/delay/20000` after 20 s. */
export interface Outside {
  readonly host: string;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts the service, apart from Blok's own servers, because nodes may not reach those. */
export async function startOutside(): Promise<Outside> {
  const server = createServer((request, response) => {
    request.resume();
    const ms = Number(/^\/delay\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 0);
    setTimeout(() => response.end('{"ok":true}'), ms).unref();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
