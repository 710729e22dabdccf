import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createGuard } from '../guard/foreign.ts';
import { ownOrigins } from '../guard/own-names.ts';
import { createPlayground, startMailSink } from './index.ts';
import { problem } from './request.ts';

/** A playground that listens on the loopback address. */
export interface ServedPlayground {
  /** Base address of its endpoints, such as `http://127.0.0.1:4410/playground`. */
  readonly url: string;
  readonly mailPort: number;
  close(): Promise<void>;
}

/**
 * Serves a playground and its mailbox on ports of their own; 0 takes a free one. Pages of other sites cannot use it,
 * because what they did to it would look like what a run did.
 *
 * @throws if a port is taken (`EADDRINUSE`)
 */
export async function servePlayground(options: {
  readonly port: number;
  readonly mailPort: number;
  /** As for `createPlayground`. */
  readonly file: string | null;
}): Promise<ServedPlayground> {
  const playground = createPlayground(options);
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const refusalOf = createGuard({ own: ownOrigins({ port }) });
  app.use(async (c, next) => {
    const { method, path } = c.req;
    if (refusalOf({ method, path, header: (name) => c.req.header(name) }) === null) return next();
    return problem(
      c,
      403,
      'foreign',
      `The playground answers programs and its own pages, at http://127.0.0.1:${port}.`,
    );
  });
  app.route('/playground', playground.app);
  const sink = await startMailSink({ port: options.mailPort, onMail: playground.receiveMail });
  return {
    url: `http://127.0.0.1:${port}/playground`,
    mailPort: sink.port,
    async close() {
      server.close();
      server.closeAllConnections();
      await sink.close();
      playground.close();
    },
  };
}
