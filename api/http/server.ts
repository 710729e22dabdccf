import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { createHoldBack, type Door, refuseAtDoor } from './door.ts';
import { MAX_HEAD_BYTES, MAX_HEADERS, refuseRequest, refuseUnaddressed, refuseUnreadable } from './unreadable.ts';

/**
 * What strangers may cost the process. Node's own defaults are meant for friends: five minutes for a request, as many
 * connections as there are file descriptors, and headers beyond the two thousandth dropped without a word.
 */
const LIMITS = {
  /** Address and headers together, in bytes. */
  maxHeaderSize: MAX_HEAD_BYTES,
  /** How long address and headers may take to arrive. */
  headersTimeout: 10_000,
  /** How long the whole request may take to arrive. Bodies have limits of their own, which say more. */
  requestTimeout: 90_000,
  /** How often both are checked. */
  connectionsCheckingInterval: 2_000,
  /** How long a connection is kept for another request. */
  keepAliveTimeout: 5_000,
  /** A missing Host is answered by us, with a problem. */
  requireHostHeader: false,
  /** Also if Node is started with the option that lets malformed requests pass. */
  insecureHTTPParser: false,
} as const;

/** Connections at a time. One more is closed at once, because it would take descriptors that Postgres needs. */
const MAX_CONNECTIONS = 5_000;

/** How long running requests may take once the server closes. */
const GRACE_MS = 10_000;

/** An HTTP server that listens. */
export interface Listening {
  readonly port: number;
  /** Lets running requests finish, then cuts off those that do not finish in time. */
  close(): Promise<void>;
}

/** Listens, and bounds what a request may cost before anybody looks at it. */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  { host, port, log, door }: { host: string; port: number; log: Logger; door: Door },
): Promise<Listening> {
  const answer = getRequestListener(fetch, { hostname: host, errorHandler: refuseUnaddressed });
  const holdBack = createHoldBack();
  const server = createServer(LIMITS, async (request, response) => {
    if (refuseHead(request, response)) return;
    const problem = await door(request);
    if (!problem) return void (await answer(request, response));
    await holdBack();
    refuseAtDoor(request, response, problem);
  });
  // Zero: all headers are kept, so that they can be counted.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', refuseUnreadable);
  server.on('checkExpectation', (_request, response) => refuseRequest(response, 'expectation'));
  server.on('connect', (_request, socket) => refuseUnreadable({ code: 'CONNECT' }, socket as Socket));
  server.on('drop', () => log.warn({ connections: MAX_CONNECTIONS }, 'a connection was refused: there are too many'));
  await listening(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => stop(server) };
}

/** Refuses a request whose headers say two things at once, or are too many. @returns whether it did */
function refuseHead({ url = '', rawHeaders, httpVersion }: IncomingMessage, response: ServerResponse): boolean {
  if (rawHeaders.length / 2 > MAX_HEADERS) return refuseRequest(response, 'headers');
  const valuesOf = (wanted: string) =>
    rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === wanted && at % 2 === 1);
  const hosts = valuesOf('host').length;
  // Probes of old proxies speak HTTP/1.0 and name none. A browser always does.
  if (hosts !== 1 && (hosts > 0 || httpVersion !== '1.0')) return refuseRequest(response, 'host');
  if (/^\w+:\/\/[^/?#]*@/.test(url)) return refuseRequest(response, 'user');
  if (valuesOf('content-type').length > 1) return refuseRequest(response, 'type');
  // Node takes the chunks apart and leaves any other coding in the body.
  const isCoded = valuesOf('transfer-encoding').some((coding) => coding.toLowerCase() !== 'chunked');
  return isCoded && refuseRequest(response, 'coding');
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new Error(`Port ${port} of ${host} is in use. Set PORT to another one.`) : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(cut);
}
