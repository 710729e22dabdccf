import { type Answer, valuesAt } from './answer.ts';
import type { WaitHints } from './retry-after.ts';

/** What an answer says about a call. `unknown`: the work may have been done although the answer is an error. */
export type Verdict = 'retryable' | 'final' | 'unknown';

/**
 * The answers of one provider that are no success, as data. An entry is a status (`409`), all statuses of a kind
 * (`5xx`), a code of the provider (`insufficient_quota`), or both (`403 rateLimitExceeded`). The most exact entry counts;
 * what no entry names is judged by `SHARED`.
 */
export interface FailureTable {
  /** First word of the error codes: `openai` makes `openai.insufficient_quota`. */
  readonly provider: string;
  /** Paths in the body where the provider writes its code, the most telling first. */
  readonly codeAt: readonly string[];
  /** Paths in the body where it says what is wrong, for people. */
  readonly messageAt: readonly string[];
  readonly retryable?: readonly string[];
  readonly final?: readonly string[];
  readonly unknown?: readonly string[];
  readonly waits?: WaitHints;
}

/**
 * What holds for every provider that says nothing else. After 500, 502 and 504 the work may have been done; 429 and 503
 * say that it was not. An exhausted quota is answered like a rate limit, but no waiting helps.
 */
const SHARED: Pick<FailureTable, Verdict> = {
  retryable: ['408', '425', '429', '503', '529'],
  final: ['4xx', '3xx', '2xx', 'insufficient_quota', 'billing_hard_limit_reached', 'quota_exceeded'],
  unknown: ['5xx'],
};

const VERDICTS = ['final', 'unknown', 'retryable'] as const;

/** The codes that an answer names, in the table's order of places. */
export function codesIn(table: Pick<FailureTable, 'codeAt'>, { body }: Pick<Answer, 'body'>): string[] {
  return table.codeAt
    .flatMap((path) => valuesAt(body, path))
    .filter((code) => typeof code === 'string' || typeof code === 'number')
    .map(String);
}

/** What the provider's table, and then what holds for all, says about an answer. */
export function verdictOf(table: FailureTable, answer: Answer): Verdict {
  const codes = codesIn(table, answer);
  const status = String(answer.status);
  // From the most exact entry to the least.
  const levels = [codes.map((code) => `${status} ${code}`), codes, [status], [`${status[0]}xx`]];
  for (const wanted of levels) {
    for (const entries of [table, SHARED]) {
      const found = VERDICTS.find((verdict) => entries[verdict]?.some((entry) => wanted.includes(entry)));
      if (found) return found;
    }
  }
  return 'final';
}
