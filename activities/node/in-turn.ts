import type { NodeType } from '../../integrations/define.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/**
 * Runs a node: at once, or when its turn has come if its type has a queue. The limits of the step count from its turn
 * on.
 *
 * @param work runs the node; it may be called again if the node only reads
 * @throws HandedBack if the worker stops before the turn has come
 */
export function inTurn<T>(
  { turns }: Pick<ActivityDeps, 'turns'>,
  node: Pick<NodeType, 'queue' | 'effect'>,
  { request, signal }: { request: EffectRequest; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!node.queue) return work(signal);
  return turns[node.queue].take(request, { signal, mayRestart: node.effect === 'read' }, (ended) =>
    withinLimits(request, ended, work),
  );
}

async function withinLimits<T>(
  { limits }: EffectRequest,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!limits) return work(signal);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tookTooLong(limits)), limits.attemptMs);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** The same error as Temporal's timeouts become. */
function tookTooLong({ attemptMs, timeoutMs }: NonNullable<EffectRequest['limits']>): NodeError {
  const whole = attemptMs >= timeoutMs;
  const message = whole ? 'The node took longer than its timeout.' : 'The attempt took longer than its timeout.';
  return new NodeError('timeout', message, { unknown: true, retryable: !whole });
}
