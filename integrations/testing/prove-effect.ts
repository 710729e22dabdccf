import type { z } from 'zod';
import type { NodeContext } from '../context.ts';
import type { NodeType } from '../define.ts';
import { NodeError } from '../error.ts';
import { dropAnswer } from './fake-provider/faults.ts';
import type { Received } from './fake-provider/message.ts';
import type { FakeProvider } from './fake-provider/provider.ts';
import { fakeContext, runNode } from './run-node.ts';

/** A node that writes, and how to see what it did. */
export interface EffectProof<I extends z.ZodType, S> {
  readonly node: NodeType<I>;
  readonly with: z.input<I>;
  readonly provider: FakeProvider<S>;
  /** Connection, network and the like. */
  readonly context?: Partial<NodeContext>;
  /** How often the effect has happened. */
  readonly effects: (state: S) => number;
  /** Whether a request of the node changes something. Default: every method but GET, HEAD and OPTIONS. */
  readonly writes?: (request: Pick<Received, 'method' | 'path'>) => boolean;
}

/** What happened when the node was run twice. */
export interface Scenario {
  readonly what: string;
  readonly effects: number;
  readonly attempts: readonly ('done' | NodeError)[];
}

/** What a node promises, and what it keeps. */
export interface EffectReport {
  readonly scenarios: readonly Scenario[];
  /** Empty if the node keeps its promise. */
  readonly problems: readonly string[];
}

/** More writes than this in one step are not looked at one by one. */
const MOST_WRITES = 10;

/**
 * Runs a node twice for the same step, as Blok does after a crash: once with every answer, and once for each write with
 * the answer to that write lost after the provider has done it. Counts the effects and compares them with the `effect`
 * that the node claims. Both attempts share the idempotency key, the cell and the stores; the second one looks before.
 */
export async function proveEffect<I extends z.ZodType, S>(proof: EffectProof<I, S>): Promise<EffectReport> {
  const scenarios = [await scenario(proof, null)];
  const problems = [...problemsOf(proof.node, scenarios[0]!)];
  for (let nth = 1; nth <= MOST_WRITES; nth += 1) {
    const next = await scenario(proof, nth);
    if (next === null) break;
    scenarios.push(next);
    problems.push(...problemsOf(proof.node, next));
  }
  proof.provider.reset();
  if (scenarios.length === 1 && proof.node.effect !== 'read') problems.push('It sends no write, so nothing is proven.');
  return { scenarios, problems };
}

/** @param nth the write whose answer is lost; null: none. @returns null if the node sends fewer writes */
async function scenario<I extends z.ZodType, S>(proof: EffectProof<I, S>, nth: null): Promise<Scenario>;
async function scenario<I extends z.ZodType, S>(proof: EffectProof<I, S>, nth: number): Promise<Scenario | null>;
async function scenario<I extends z.ZodType, S>(
  proof: EffectProof<I, S>,
  nth: number | null,
): Promise<Scenario | null> {
  const { node, provider, writes = isWrite } = proof;
  provider.reset();
  let [seen, lost] = [0, 0];
  const attempts: ('done' | NodeError)[] = [];
  provider.always('* /*', (turn, request) => {
    // Answers to the second attempt arrive: what it makes of the first is the question.
    const isLost = attempts.length === 0 && writes(request) && ++seen === nth;
    if (isLost) lost += 1;
    return isLost ? dropAnswer(turn, request) : turn.pass();
  });
  const shared = fakeContext(proof.context);
  for (const attempt of [1, 2]) {
    const ctx = { ...shared, attempt, lookBefore: attempt > 1 };
    const outcome = await runNode(node, ctx, proof.with).then(
      () => 'done' as const,
      (error: unknown) => asNodeError(node.type, error),
    );
    attempts.push(outcome);
    // A second attempt follows a success, too: the worker may be lost before it reports one.
    if (outcome !== 'done' && !outcome.retryable) break;
  }
  if (nth !== null && lost === 0) return null;
  const what = nth === null ? 'every answer arrives' : `the answer to write ${nth} is lost`;
  return { what, effects: proof.effects(provider.state), attempts };
}

function* problemsOf({ effect }: NodeType, { what, effects, attempts }: Scenario): Generator<string> {
  const said = `It claims ${effect}, but if ${what}`;
  if (effect === 'read' && effects > 0) yield `${said}, it has an effect.`;
  if ((effect === 'idempotent' || effect === 'exactly-once') && effects > 1) {
    yield `${said}, it has its effect ${effects} times.`;
  }
  if (effect !== 'read' && effects === 0 && attempts.includes('done')) {
    yield `${said}, it reports success without having had its effect.`;
  }
  const [first] = attempts;
  if (first instanceof NodeError && effects > 0 && !first.unknown) {
    yield `${said}, its error (${first.code}) says that nothing happened. Set "unknown".`;
  }
}

const isWrite = ({ method }: Pick<Received, 'method'>): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

function asNodeError(type: string, error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  throw new Error(`${type} threw an error that it did not classify: ${String(error)}`, { cause: error });
}
