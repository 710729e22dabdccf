import type { NodeFacts } from '../../catalogue.ts';
import type { GraphNode } from '../../document/types.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { ms } from './check-retry.ts';

/** Limits of `dispatch: local`, because a local step holds up all other steps of its run. */
export const LOCAL_TIMEOUT_MS = 2_000;
export const LOCAL_PAUSE_MS = 1_000;

/** Checks that an effect marked `dispatch: local` is short and harmless to repeat. */
export function checkLocal(node: GraphNode, facts: NodeFacts, path: string): Problem[] {
  if (node.dispatch !== 'local') return [];
  const says = (why: string): Problem[] => [problem('local-not-allowed', `${path}/dispatch`, why)];
  if (facts.type === 'workflow.run') return says('`workflow.run` starts another run and cannot be local.');
  if (facts.effect !== 'read' && facts.effect !== 'idempotent')
    return says(`\`${facts.type}\` is ${facts.effect}: repeating it would have a visible effect.`);
  const timeout = ms(node.timeout) ?? facts.timeoutMs;
  if (timeout > LOCAL_TIMEOUT_MS)
    return says(`Its timeout is ${timeout / 1000} s; a local node has at most ${LOCAL_TIMEOUT_MS / 1000} s.`);
  const { maxAttempts, delayMs, factor, maxDelayMs } = facts.retry;
  const attempts = node.retry?.maxAttempts ?? maxAttempts;
  const delay = ms(node.retry?.delay) ?? delayMs;
  const longest = Math.min(
    Math.max(ms(node.retry?.maxDelay) ?? maxDelayMs, delay),
    delay * (node.retry?.factor ?? factor) ** Math.max(0, attempts - 2),
  );
  return attempts > 1 && longest > LOCAL_PAUSE_MS ? says('Its pauses between attempts go beyond 1 s.') : [];
}
