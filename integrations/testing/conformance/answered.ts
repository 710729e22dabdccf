import { requireHost } from '../../connection-hosts.ts';
import type { OpenConnection } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { findConnectionType } from '../../index.ts';
import { dropAnswer, type Fault, hang, refuse } from '../fake-provider/faults.ts';
import type { Received } from '../fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../fake-provider/provider.ts';
import { FROM_ENVIRONMENT } from './ambient.ts';
import { type LeadingNetwork, leadingTo, type Sent } from './leading.ts';
import { repeatedProblems } from './repeated.ts';
import { CANARY, OTHER_CANARY, shows } from './sample.ts';
import { commonProblems, connectionsOf, mostEqual, type TrialWorld, tryNode } from './trial.ts';

/** A wait that a server asks for, in seconds. */
const WAIT = 7;

interface Case {
  readonly when: string;
  readonly fault: Fault;
  /** Some nodes can use such an answer. */
  readonly mayEndWell?: true;
  /** What is wrong with the error that a node made of it. */
  readonly problems: (error: NodeError, wrote: boolean) => Generator<string>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const CASES: readonly Case[] = [
  {
    when: `If it is answered 429 with Retry-After: ${WAIT}`,
    fault: refuse(429, {}, { 'retry-after': String(WAIT) }),
    *problems({ retryable, unknown, retryAfterMs }) {
      if (!retryable || unknown) yield 'it should say: try again, nothing happened.';
      if (retryAfterMs !== WAIT * 1_000) yield `it should ask to wait ${WAIT} seconds.`;
    },
  },
  {
    when: 'If it is answered 401',
    fault: refuse(401),
    *problems({ retryable, unknown }) {
      if (retryable || unknown) yield 'it should say: final, nothing happened.';
    },
  },
  {
    when: 'If it is answered 500',
    fault: refuse(500),
    *problems({ unknown }, wrote) {
      if (unknown !== wrote) yield `it should say that the outcome is ${wrote ? 'unknown' : 'known'}.`;
    },
  },
  {
    when: 'If the connection breaks before the answer',
    fault: dropAnswer,
    *problems({ unknown }, wrote) {
      if (unknown !== wrote) yield `it should say that the outcome is ${wrote ? 'unknown' : 'known'}.`;
    },
  },
  ...Object.entries({
    'a page for people': { body: '<!doctype html><title>Log in</title>', headers: { 'content-type': 'text/html' } },
    'half a JSON text': { body: '{"id":', headers: JSON_TYPE },
    null: { body: 'null', headers: JSON_TYPE },
    'an empty list': { body: '[]', headers: JSON_TYPE },
  }).map(
    ([what, reply]): Case => ({
      when: `If it is answered 200 with ${what}`,
      fault: ({ send }) => send(reply),
      mayEndWell: true,
      *problems({ unknown }, wrote) {
        if (wrote && !unknown) yield 'it should say that the outcome is unknown.';
      },
    }),
  ),
];

const [FIRST, ...OTHERS] = CASES as readonly [Case, ...Case[]];

/**
 * What is wrong with how a node that speaks HTTP takes answers: it may not repeat a request by itself, and must say whether
 * Blok may, how long to wait, and whether its effect may have happened. Its credential goes to the hosts that it is bound to,
 * and is forgotten. It reads no answer without end, and ends when its step ends. Nodes that send no HTTP request have nothing
 * to show here.
 */
export async function answeredProblems(node: NodeType): Promise<string[]> {
  const provider = await fakeProvider({ state: () => ({}), routes: { '* /*': () => ({ body: {} }) } });
  const network = leadingTo(provider.base);
  const problems = new Set<string>();
  const others = connectionsOf(node, OTHER_CANARY);
  try {
    for (const [at, connection] of connectionsOf(node).entries()) {
      const world = { provider, network, connection, server: new URL(provider.base).host };
      for (const [nth, { with: parameters }] of node.examples.entries()) {
        const found = await tryCase(node, parameters, FIRST, world);
        // Who sends no request to begin with sends none in other cases.
        if (provider.requests.length > 0)
          found.push(
            ...(await inTurn(OTHERS, (one) => tryCase(node, parameters, one, world))),
            ...(await tryAbort(node, parameters, world)),
            ...(nth === 0 ? await tryEndless(node, parameters, world) : []),
            ...(await repeatedProblems(node, parameters, world)),
            ...(nth === 0 ? await tryOther(node, parameters, { ...world, connection: others[at] ?? null }) : []),
          );
        for (const problem of found) problems.add(problem);
      }
    }
  } finally {
    await network.close();
    await provider.close();
  }
  return [...problems];
}

interface World extends TrialWorld {
  readonly provider: FakeProvider<object>;
  readonly network: LeadingNetwork;
}

async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const one of all) found.push(...(await work(one)));
  return found;
}

async function tryCase(node: NodeType, parameters: unknown, one: Case, world: World): Promise<string[]> {
  const { provider, network, connection } = world;
  begin(world, one.fault);
  const trial = await tryNode(node, parameters, world);
  const { requests } = provider;
  if (requests.length === 0) return trial.misdeeds.slice();
  const problems = [...commonProblems(trial, one.when), ...sentProblems(network.sent, connection)];
  const repeated = mostEqual(requests.map(({ method, path, query }) => `${method} ${path}?${query}`));
  if (repeated > 1) problems.push(`${one.when}, it sends the request again by itself: ${repeated} times.`);
  if (trial.outcome === 'done' && !one.mayEndWell) problems.push(`${one.when}, it reports success.`);
  if (typeof trial.outcome === 'object' && trial.outcome.error instanceof NodeError) {
    const wrote =
      node.effect !== 'read' && !['GET', 'HEAD'].includes(requests[0]!.method) && !isHandshake(requests[0]!);
    for (const problem of one.problems(trial.outcome.error, wrote)) problems.push(`${one.when}, ${problem}`);
  }
  return problems;
}

function begin({ provider, network }: World, fault: Fault): void {
  provider.reset();
  network.sent.length = 0;
  provider.always('* /*', fault);
}

/** What is wrong with where requests went, and with what they carried. */
function* sentProblems(sent: readonly Sent[], connection: OpenConnection | null): Generator<string> {
  for (const { host, port, said } of sent) {
    if (said.includes(FROM_ENVIRONMENT) || host === new URL(FROM_ENVIRONMENT).hostname)
      yield 'A library takes what it sends from the environment: give it all of its options.';
    if (connection && shows(said, CANARY) && !mayReach(connection, host, port))
      yield `It sends the credential to ${host}, to which the connection is not bound.`;
  }
}

function mayReach(connection: OpenConnection, host: string, port: number): boolean {
  const type = findConnectionType(connection.type);
  const data = type?.fields.safeParse(connection.data).data ?? connection.data;
  try {
    requireHost(connection, type?.allowedHosts(data) ?? [], host, port);
    return true;
  } catch {
    return false;
  }
}

/** A client of MCP asks by POST who the server is, before it calls a tool. */
const isHandshake = ({ body }: Received): boolean => JSON.stringify(body).includes('initialize');

async function tryAbort(node: NodeType, parameters: unknown, world: World): Promise<string[]> {
  const step = new AbortController();
  begin(world, (turn, request) => {
    step.abort(new Error('cancelled'));
    return hang(turn, request);
  });
  const { outcome } = await tryNode(node, parameters, { ...world, signal: step.signal });
  if (world.provider.requests.length === 0 || typeof outcome === 'object') return [];
  return [outcome === 'hangs' ? 'It goes on when its step is cancelled.' : 'It reports success when it is cancelled.'];
}

/** More than any node keeps of an answer, in pieces. */
const ENDLESS_PIECES = 80;
const PIECE = 'x'.repeat(1_048_576);

/** An answer that is larger than any memory, of which a node must leave the rest. */
async function tryEndless(node: NodeType, parameters: unknown, world: World): Promise<string[]> {
  const step = new AbortController();
  let left = ENDLESS_PIECES;
  async function* pieces(): AsyncGenerator<string> {
    yield '{"id":"';
    for (; left > 0; left -= 1) yield PIECE;
    step.abort(new Error('it reads without an end'));
  }
  begin(world, ({ stream }) => stream({ headers: JSON_TYPE }, pieces()));
  const { streams } = await tryNode(node, parameters, { ...world, signal: step.signal });
  return left === 0 && !streams ? ['It reads an answer without an end into memory: stop at a size.'] : [];
}

/** The same node, with a connection of somebody else. */
async function tryOther(node: NodeType, parameters: unknown, world: World): Promise<string[]> {
  begin(world, ({ send }) => send({ body: {} }));
  await tryNode(node, parameters, world);
  return world.network.sent.some(({ said }) => shows(said, CANARY))
    ? ['It keeps the secret of a connection, and sends it for another one.']
    : [];
}
