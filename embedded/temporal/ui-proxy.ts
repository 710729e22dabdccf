/** The door to the Temporal UI: the UI itself answers anybody, so it listens where no web page reaches it. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { createGuard, type Refusal } from '../../guard/foreign.ts';
import { ownOrigins } from '../../guard/own-names.ts';
import type { Address } from './hidden-address.ts';

/** Where the proxy listens, and what is behind it. */
export interface UiProxyOptions {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Address under which people reach the proxy, if it is another one. */
  readonly publicUrl?: string;
  /** Where the UI listens. */
  readonly ui: Address;
}

/**
 * Passes requests on to the UI if they come from the user, and refuses those that a page of another site makes a browser
 * send.
 * @returns a function that stops the proxy
 * @throws Error if the port is taken
 */
export async function startUiProxy({ port, host = '127.0.0.1', publicUrl, ui }: UiProxyOptions): Promise<() => void> {
  const refusalOf = createGuard({ own: ownOrigins({ port, host, publicUrl }) });
  const server = createServer((incoming, answer) => {
    const header = (name: string) => incoming.headers[name]?.toString();
    const refusal = refusalOf({ method: incoming.method ?? '', path: incoming.url ?? '', header });
    if (refusal === null) passOn(incoming, answer, ui);
    else refuse(answer, 403, REFUSED[refusal]);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

const REFUSED: Readonly<Record<Refusal, string>> = {
  host: 'The Temporal UI does not answer under that host name. If it is yours, set TEMPORAL_UI_URL to that address and start again.',
  origin: 'The page of another site may not use the Temporal UI.',
};

function passOn(incoming: IncomingMessage, answer: ServerResponse, ui: Address): void {
  const { method, url, headers } = incoming;
  const outgoing = request({ ...ui, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    // Whichever side breaks off, the other one ends too.
    pipeline(response, answer, () => {});
  });
  outgoing.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, 'The Temporal UI does not answer. Temporal may be starting: try again.');
  });
  answer.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function refuse(answer: ServerResponse, status: number, why: string): void {
  answer
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${why}\n`);
}
