import { Agent, Dispatcher } from 'undici';
import type { Network, OpenConnection } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { refusingNetwork } from '../../network/refusing.ts';
import { dropAnswer, type Fault, hang, refuse } from '../fake-provider/faults.ts';
import type { Received } from '../fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../fake-provider/provider.ts';
import { commonProblems, connectionsOf, mostEqual, tryNode } from './trial.ts';

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

/**
 * What is wrong with how a node that speaks HTTP takes answers that are no success: it may not repeat a request by
 * itself, and must say whether Blok may, how long to wait, and whether its effect may have happened. And it must end
 * when its step ends. Nodes that send no HTTP request have nothing to show here.
 */
export async function answeredProblems(node: NodeType): Promise<string[]> {
  const provider = await fakeProvider({ state: () => ({}), routes: { '* /*': () => ({ body: {} }) } });
  const network = leadingTo(provider.base);
  const problems = new Set<string>();
  try {
    for (const connection of connectionsOf(node)) {
      const world = { provider, network, connection };
      for (const { with: parameters } of node.examples) {
        for (const one of CASES)
          for (const problem of await tryCase(node, parameters, one, world)) problems.add(problem);
        for (const problem of await tryAbort(node, parameters, world)) problems.add(problem);
      }
    }
  } finally {
    await network.close();
    await provider.close();
  }
  return [...problems];
}

interface World {
  readonly provider: FakeProvider<object>;
  readonly network: Network;
  readonly connection: OpenConnection | null;
}

async function tryCase(
  node: NodeType,
  parameters: unknown,
  one: Case,
  { provider, network, connection }: World,
): Promise<string[]> {
  provider.reset();
  provider.always('* /*', one.fault);
  const trial = await tryNode(node, parameters, { network, connection });
  const { requests } = provider;
  if (requests.length === 0) return [];
  const problems = [...commonProblems(trial, one.when)];
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

/** A client of MCP asks by POST who the server is, before it calls a tool. */
const isHandshake = ({ body }: Received): boolean => JSON.stringify(body).includes('initialize');

async function tryAbort(
  node: NodeType,
  parameters: unknown,
  { provider, network, connection }: World,
): Promise<string[]> {
  provider.reset();
  const step = new AbortController();
  provider.always('* /*', (turn, request) => {
    step.abort(new Error('cancelled'));
    return hang(turn, request);
  });
  const { outcome } = await tryNode(node, parameters, { network, connection, signal: step.signal });
  if (provider.requests.length === 0 || typeof outcome === 'object') return [];
  return [outcome === 'hangs' ? 'It goes on when its step is cancelled.' : 'It reports success when it is cancelled.'];
}

/** A network in which every host is one server; what is not HTTP is refused. */
function leadingTo(base: string): Network & { close(): Promise<void> } {
  const agent = new Agent();
  const dispatcher = new Leading(agent, base);
  return {
    dispatcher,
    secured: () => ({ dispatcher, close: () => Promise.resolve() }),
    resolve: refusingNetwork().resolve,
    close: () => agent.destroy(),
  };
}

class Leading extends Dispatcher {
  readonly #agent: Agent;
  readonly #base: string;

  constructor(agent: Agent, base: string) {
    super();
    this.#agent = agent;
    this.#base = base;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#agent.dispatch({ ...options, origin: this.#base }, handler);
  }
}
