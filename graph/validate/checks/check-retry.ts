import type { GraphNode, InlineNode, RetrySpec } from '../../document/types.ts';
import { DURATION_PATTERN, parseDuration } from '../../duration.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** A duration in milliseconds; null if there is none. */
export const ms = (text: string | undefined): number | null => (text === undefined ? null : parseDuration(text));

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
