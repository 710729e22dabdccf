import type { NodeFacts } from '../../catalogue.ts';
import type { GraphNode, InlineNode, RetrySpec } from '../../document/types.ts';
import { DURATION_PATTERN, parseDuration } from '../../duration.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** Limits of `dispatch: local`, because a local step holds up all other steps of its run. */
export const LOCAL_TIMEOUT_MS = 2_000;
export const LOCAL_PAUSE_MS = 1_000;

const ms = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text));

/** What is wrong with a duration that has the right form: it is too long, or it is a limit of zero. */
export function durationProblem(text: string, path: string, limit: boolean): Problem[] {
  const value = parseDuration(text);
  if (value === null && new RegExp(DURATION_PATTERN).test(text))
    return [problem('bad-duration', path, `\`${text}\` is more than 100 years.`)];
  return value === 0 && limit
    ? [problem('bad-duration', path, `\`${text}\` leaves no time at all.`, 'Write a longer duration, or remove it.')]
    : [];
}

/** Checks the durations of a node, and that they do not contradict each other. */
export function checkTimes(node: GraphNode | InlineNode, path: string): Problem[] {
  const problems: Problem[] = [];
  const retry: RetrySpec = node.retry ?? {};
  const times = {
    timeout: node.timeout,
    'retry/delay': retry.delay,
    'retry/maxDelay': retry.maxDelay,
    'retry/attemptTimeout': retry.attemptTimeout,
  };
  for (const [name, text] of Object.entries(times)) {
    if (text !== undefined)
      problems.push(...durationProblem(text, `${path}/${name}`, name === 'timeout' || name === 'retry/attemptTimeout'));
  }
  const [timeout, delay, maxDelay, attempt] = [
    ms(node.timeout),
    ms(retry.delay),
    ms(retry.maxDelay),
    ms(retry.attemptTimeout),
  ];
  if (delay !== null && maxDelay !== null && maxDelay < delay) {
    problems.push(
      problem(
        'bad-retry',
        `${path}/retry/maxDelay`,
        `\`maxDelay\` (${retry.maxDelay}) is shorter than \`delay\` (${retry.delay}).`,
      ),
    );
  }
  if (timeout !== null && attempt !== null && attempt > timeout) {
    problems.push(
      problem(
        'bad-retry',
        `${path}/retry/attemptTimeout`,
        `One attempt (${retry.attemptTimeout}) may take longer than the whole node (${node.timeout}).`,
      ),
    );
  }
  return problems;
}

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
