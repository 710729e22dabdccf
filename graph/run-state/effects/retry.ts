import type { RetryPolicy } from '../../catalogue.ts';
import { LONGEST_TEMPORAL_BACKOFF_MS } from '../../limits.ts';

/** Milliseconds between attempt n−1 and attempt n (n from 2): exponential, capped. */
export function delayBefore(retry: RetryPolicy, attempt: number): number {
  return Math.min(retry.maxDelayMs, retry.delayMs * retry.factor ** Math.max(0, attempt - 2));
}

/**
 * How many attempts one activity may make after `attemptsBefore`, so that its back-offs add up to at most ten minutes,
 * and the delay before its second attempt.
 */
export function segmentFrom(retry: RetryPolicy, attemptsBefore: number): { attempts: number; delayMs: number } {
  let attempts = 1;
  let spent = 0;
  while (attemptsBefore + attempts < retry.maxAttempts) {
    const delay = delayBefore(retry, attemptsBefore + attempts + 1);
    if (spent + delay > LONGEST_TEMPORAL_BACKOFF_MS) break;
    spent += delay;
    attempts++;
  }
  return { attempts, delayMs: delayBefore(retry, attemptsBefore + 2) };
}

/** True if a `giveUpOn` list names a code: exactly, or by a prefix ending in `*`. */
export function givesUpOn(retry: Pick<RetryPolicy, 'giveUpOn'>, code: string): boolean {
  return retry.giveUpOn.some((entry) => (entry.endsWith('*') ? code.startsWith(entry.slice(0, -1)) : code === entry));
}
