import { Context } from '@temporalio/activity';
import type { NodeType } from '../../integrations/define.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { withinLimit } from '../base/limit.ts';
import type { Asker } from '../turns/next-turn.ts';

/** Temporal's own timeout should come first, because it is what the run is told. */
const LATER_MS = 1_000;

/** A request, whether it came by a queue for what its run has too much of, and what tells that it has to stop. */
export type QueuedRequest = EffectRequest & { readonly inCrowd: boolean; readonly stopping: AbortSignal };

/**
 * Runs a node: at once, or when its turn has come if its type has a queue. The limits of the step count from its turn
 * on. Without a queue, Temporal keeps them, and here the attempt is only ended: nobody waits for its outcome any more,
 * and Temporal's signal would come up to five seconds later.
 *
 * @param work runs the node; it may be called again if the node only reads
 * @throws HandedBack if the worker stops before the turn has come
 */
export function inTurn<T>(
  { turns }: Pick<ActivityDeps, 'turns'>,
  node: Pick<NodeType, 'queue' | 'effect'>,
  request: QueuedRequest,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { info } = Context.current();
  const { stopping: signal } = request;
  const { startToCloseTimeoutMs: attemptMs, scheduleToCloseTimeoutMs: timeoutMs } = info;
  if (!node.queue) return withinLimit({ ms: attemptMs + LATER_MS, whole: attemptMs >= timeoutMs }, signal, work);
  const limits = request.limits ?? { attemptMs, timeoutMs };
  const limit = { ms: limits.attemptMs, whole: limits.attemptMs >= limits.timeoutMs };
  return turns[node.queue].take(askerOf(request), { signal, mayRestart: node.effect === 'read' }, (ended) =>
    withinLimit(limit, ended, work),
  );
}

/** Each round of a loop does the same work: `each[3]/script` is `each[]/script`. */
const askerOf = ({ workspace, runId, workflow, step, inCrowd }: QueuedRequest): Asker => ({
  workspace,
  runId,
  inCrowd,
  work: `${workflow}/${step.replaceAll(/\[\d+\]/g, '[]')}`,
});
