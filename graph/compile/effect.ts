import type { NodeFacts, RetryPolicy } from '../catalogue.ts';
import type { GraphNode, InlineNode, RetrySpec } from '../document/types.ts';
import { parseDuration } from '../duration.ts';
import { findFacts } from '../node-types/facts.ts';
import type { PlanEffect } from '../plan/types.ts';
import { problem } from '../problems/codes.ts';
import { delayBefore } from '../run-state/effects/retry.ts';
import { type Compiler, inlineOf } from './compiler.ts';

/** A limit that nobody reaches, because a called workflow may wait for years. */
const TEN_YEARS_MS = 315_360_000_000;

/** Decides version, timeouts and retries of an effect; reports an unknown type. */
export function compileEffect(
  compiler: Compiler,
  id: string,
  node: GraphNode | InlineNode,
  path: string,
): PlanEffect | undefined {
  const facts = findFacts(compiler.catalogue, node.uses);
  if (!facts) {
    const message = `There is no node type ${node.uses}.`;
    compiler.problems.push(problem('unknown-type', `${path}/uses`, message));
    return undefined;
  }
  const retry = mergeRetry(facts.retry, node.retry);
  const dispatch = 'dispatch' in node && node.dispatch === 'local' ? { dispatch: 'local' as const } : {};
  return {
    version: facts.version,
    kind: facts.effect,
    ...(node.connection === undefined ? {} : { connection: node.connection }),
    retry,
    timeoutMs: timeoutOf(facts, node, retry),
    ...dispatch,
    ...('onExpired' in node && node.onExpired === 'wait' ? { onExpired: 'wait' as const } : {}),
    ...(facts.queue === undefined ? {} : { queue: facts.queue }),
    ...(facts.ports === undefined ? {} : { ports: facts.ports }),
    inline: facts.ports ? ['/port', ...inlineOf(compiler, id)] : inlineOf(compiler, id),
  };
}

/** The retry policy of the node type, with the node's own retry fields in place of the type's. */
export function mergeRetry(base: RetryPolicy, spec: RetrySpec | undefined): RetryPolicy {
  if (!spec) return base;
  const ms = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : (parseDuration(text) ?? otherwise);
  const delayMs = ms(spec.delay, base.delayMs);
  return {
    maxAttempts: spec.maxAttempts ?? base.maxAttempts,
    delayMs,
    factor: spec.factor ?? base.factor,
    maxDelayMs: Math.max(ms(spec.maxDelay, base.maxDelayMs), spec.maxDelay === undefined ? delayMs : 0),
    attemptTimeoutMs: ms(spec.attemptTimeout, base.attemptTimeoutMs),
    giveUpOn: spec.giveUpOn ?? base.giveUpOn,
  };
}

/** The node's timeout, or its type's; a node that sets its own retries gets the time they need. */
function timeoutOf(facts: NodeFacts, node: GraphNode | InlineNode, retry: RetryPolicy): number {
  if (node.timeout !== undefined) return parseDuration(node.timeout) ?? facts.timeoutMs;
  if (facts.type === 'workflow.run') return TEN_YEARS_MS;
  if (!node.retry) return facts.timeoutMs;
  let needed = retry.maxAttempts * retry.attemptTimeoutMs;
  for (let attempt = 2; attempt <= retry.maxAttempts; attempt++) needed += delayBefore(retry, attempt);
  return Math.max(facts.timeoutMs, needed);
}
