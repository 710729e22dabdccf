/** A door before a server that answers anybody: the server itself listens where no web page looks for it. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { createGuard, type Refusal } from '../../guard/foreign.ts';
import { ownOrigins } from '../../guard/own-names.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where the door is, what is behind it, and what it says. */
export interface DoorOptions {
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Address under which people reach the door, if it is another one. */
  readonly publicUrl?: string;
  /** Where the server listens. */
  readonly behind: Address;
  /** Where its web sockets are, if it has any. */
  readonly sockets?: Address;
  readonly refused: Readonly<Record<Refusal, string>>;
  /** What is said when the server does not answer. */
  readonly silent: string;
}

/**
 * Passes requests on if they come from the user, and refuses those that a page of another site makes a browser send.
 * @returns a function that closes the door
 * @throws Error if the port is taken
 */
export async function startDoor(options: DoorOptions): Promise<() => void> {
  const { port, host = '127.0.0.1', publicUrl, behind, sockets, refused, silent } = options;
  const refusalOf = createGuard({ own: ownOrigins({ port, host, publicUrl }) });
  const why = ({ method = '', url = '', headers }: IncomingMessage): Refusal | null =>
    refusalOf({ method, path: url, header: (name) => headers[name]?.toString() });
  const server = createServer((incoming, answer) => {
    const refusal = why(incoming);
    if (refusal === null) passOn(incoming, answer, { behind, silent });
    else refuse(answer, 403, refused[refusal]);
  });
  if (sockets) {
    server.on('upgrade', (incoming, socket, head) => {
      if (why(incoming) === null) joinSockets(incoming, socket, { head, sockets });
      else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    });
  }
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

function passOn(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { behind, silent }: Pick<DoorOptions, 'behind' | 'silent'>,
): void {
  const { method, url, headers } = incoming;
  const outgoing = request({ ...behind, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    // Whichever side breaks off, the other one ends too.
    pipeline(response, answer, () => {});
  });
  outgoing.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, silent);
  });
  answer.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

/** Hands the opening of a web socket on as it came, and then everything in both directions. */
function joinSockets(
  incoming: IncomingMessage,
  socket: Duplex,
  { head, sockets }: { readonly head: Buffer; readonly sockets: Address },
): void {
  const { method, url, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  const server = connect(sockets, () => {
    server.write(`${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    pipeline(socket, server, () => {});
    pipeline(server, socket, () => {});
  });
  server.on('error', () => socket.destroy());
  socket.on('error', () => server.destroy());
}

function refuse(answer: ServerResponse, status: number, why: string): void {
  answer
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${why}\n`);
}
