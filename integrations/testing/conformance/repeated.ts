import type { NodeType } from '../../define.ts';
import type { Received } from '../fake-provider/message.ts';
import type { FakeProvider } from '../fake-provider/provider.ts';
import { type TrialWorld, tryNode } from './trial.ts';

const KEY = 'ws/test/call/run-1/step';
const OTHER_KEY = 'ws/test/call/run-2/step';
/** Headers by which services tell a repetition. */
const KEY_HEADER = /idempotency|idempotence/;

/** One attempt: what was sent, and whether the node remembers between attempts, or looks before it writes. */
interface Attempt {
  readonly requests: readonly Received[];
  readonly remembers: boolean;
}

/**
 * What is wrong with what a node sends when its step is tried again. A key by which the service tells a repetition must be
 * the same for a step and differ between steps; and who claims `exactly-once` must send something else for another step.
 */
export async function repeatedProblems(
  node: NodeType,
  parameters: unknown,
  world: TrialWorld & { readonly provider: FakeProvider<object> },
): Promise<string[]> {
  if (node.effect === 'read') return [];
  const attempt = async (idempotencyKey: string): Promise<Attempt> => {
    world.provider.reset();
    const { remembers } = await tryNode(node, parameters, { ...world, idempotencyKey });
    return { requests: [...world.provider.requests], remembers };
  };
  const first = await attempt(KEY);
  if (first.requests.length === 0) return [];
  return [...compared(node, first, await attempt(KEY), await attempt(OTHER_KEY))];
}

function* compared({ effect }: NodeType, first: Attempt, again: Attempt, other: Attempt): Generator<string> {
  const keys = [first, again, other].map(keyOf);
  if (keys[0] !== keys[1]) yield 'It sends another key of idempotency on each attempt: use ctx.idempotencyKey.';
  else if (keys[0]?.replaceAll(',', '') && keys[0] === keys[2])
    yield 'It sends the same key of idempotency for different steps: use ctx.idempotencyKey.';
  if (effect === 'exactly-once' && !first.remembers && postsOf(first) !== '' && postsOf(first) === postsOf(other))
    yield 'It claims exactly-once, but what it sends says nothing of the step, so no service can tell a repetition.';
}

const keyIn = ({ headers }: Received): string =>
  Object.entries(headers)
    .filter(([name]) => KEY_HEADER.test(name))
    .join();

const keyOf = ({ requests }: Attempt): string => requests.map(keyIn).join();

/** What was sent that has its effect each time, unless the service can tell: PUT and DELETE may be repeated. */
const postsOf = ({ requests }: Attempt): string =>
  requests
    .filter(({ method }) => method === 'POST' || method === 'PATCH')
    .map((request) => `${request.path}?${request.query} ${keyIn(request)} ${request.bytes}`)
    .join('\n');
