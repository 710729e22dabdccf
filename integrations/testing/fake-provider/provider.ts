import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FakeClock, fakeClock } from './clock.ts';
import type { Fault, Turn } from './faults.ts';
import { encoded, type Received, type Reply, readBody } from './message.ts';
import { fits, type Routes, routeOf } from './routes.ts';

/** A local server that behaves like a provider, with state, faults and a log. */
export interface FakeProvider<S> {
  /** `http://127.0.0.1:…`, without a trailing slash. */
  readonly base: string;
  /** Its state: what its routes have done. */
  readonly state: S;
  readonly clock: FakeClock;
  /** Every request, also the refused ones, in the order of arrival. */
  readonly requests: readonly Received[];
  /** The next requests to a route meet these faults, one each. `null` lets one pass. */
  fail(route: string, ...faults: readonly (Fault | null)[]): void;
  /** Every request that fits meets this fault: a revoked token, a service that is down. */
  always(route: string, fault: Fault): void;
  /** Begins anew: new state, no requests, no faults. */
  reset(): void;
  close(): Promise<void>;
}

/** What a provider is made of. */
export interface FakeOptions<S> {
  readonly state: () => S;
  readonly routes: Routes<S>;
  /** Looks at every request first: an answer refuses it. Checks the key, for example. */
  readonly authorize?: (request: Received, state: S) => Reply | null;
  readonly clock?: FakeClock;
}

interface Script {
  readonly route: string;
  readonly faults: (Fault | null)[];
  readonly always: boolean;
}

/** Starts a fake provider on a free port of this machine. */
export async function fakeProvider<S>(options: FakeOptions<S>): Promise<FakeProvider<S>> {
  const clock = options.clock ?? fakeClock();
  const requests: Received[] = [];
  let scripts: Script[] = [];
  let state = options.state();

  const commit = async (received: Received): Promise<Reply> => {
    const found = routeOf(options.routes, received.method, received.path);
    if (!found) return { status: 404, body: { error: { message: `No route ${received.method} ${received.path}.` } } };
    return found.handler({ ...received, params: found.params }, state, clock);
  };

  const server = createServer(async (incoming, response) => {
    const received = await receive(incoming);
    requests.push(received);
    const answer = () => options.authorize?.(received, state) ?? commit(received);
    const turn = turnOf(response, clock, async () => answer());
    const fault = nextFault(scripts, received);
    await (fault ? fault(turn, received) : turn.pass());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get state() {
      return state;
    },
    clock,
    requests,
    fail: (route, ...faults) => void scripts.push({ route, faults: [...faults], always: false }),
    always: (route, fault) => void scripts.push({ route, faults: [fault], always: true }),
    reset: () => {
      state = options.state();
      scripts = [];
      requests.length = 0;
    },
    close: () => closed(server),
  };
}

/** Scripts for single requests come before those for all, whatever the order in which they were given. */
function nextFault(scripts: readonly Script[], { method, path }: Received): Fault | null {
  const fitting = scripts.filter(({ route, faults }) => faults.length > 0 && fits(route, method, path) !== null);
  const once = fitting.find(({ always }) => !always);
  if (once) return once.faults.shift() ?? null;
  return fitting[0]?.faults[0] ?? null;
}

function turnOf(response: ServerResponse, clock: FakeClock, commit: () => Promise<Reply>): Turn {
  const begin = (reply: Reply) => {
    const { status, headers, bytes } = encoded(reply);
    response.writeHead(status, { date: clock.httpDate(), ...headers, 'content-length': bytes.length });
    return bytes;
  };
  const send = (reply: Reply): void => void response.end(begin(reply));
  return {
    clock,
    commit,
    pass: async () => send(await commit()),
    send,
    cut: (reply, length) => void response.write(begin(reply).subarray(0, length), () => response.destroy()),
    stream: async ({ status = 200, headers = {} }, pieces) => {
      response.writeHead(status, { ...headers });
      await pipeline(Readable.from(pieces), response).catch(() => undefined);
    },
    drop: () => void response.destroy(),
  };
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://provider');
  const { method = 'GET', headers } = incoming;
  return {
    method,
    path: pathname,
    query: searchParams,
    headers,
    bytes,
    params: {},
    body: readBody(bytes, headers['content-type']),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
