import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of JSON-RPC that has arrived and is not made yet, or that is made and not answered yet. */
export type Moment = `before ${string}` | `after ${string}`;

/** Stands between Blok and a provider of the chain. */
export interface Tap {
  readonly url: string;
  /** Tells of each moment from now on. The call goes on when the answer is there. */
  watch(on: (moment: Moment) => void | Promise<void>): void;
  close(): Promise<void>;
}

/** Starts one before the provider at that address. */
export async function startTap(provider: string): Promise<Tap> {
  let on: (moment: Moment) => void | Promise<void> = () => undefined;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { method } = JSON.parse(body) as { method: string };
    await on(`before ${method}`);
    const answer = await fetch(provider, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await answer.text();
    await on(`after ${method}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: (given) => {
      on = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
