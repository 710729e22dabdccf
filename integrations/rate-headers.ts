import { retryAfterMs } from './failures/retry-after.ts';

/** An answer of a provider, as far as it says something about limits. Names of headers are in lower case. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long to pause after a 429 that does not say it. */
const UNSAID_MS = 1_000;

/** A number this large is a moment (seconds since 1970), and a larger one a moment in milliseconds. */
const MOMENT_S = 100_000_000;
const MOMENT_MS = 100_000_000_000;

/**
 * For how long a provider wants no more calls, in milliseconds; 0: not at all. Providers say it after a call that was too much
 * (`Retry-After`), or with the last call that was not (`X-RateLimit-Remaining: 0` and the like).
 */
export function pauseAskedFor({ status, headers }: LimitedAnswer, now = Date.now()): number {
  const isTooMuch = status === 429 || status === 503;
  const after = isTooMuch ? retryAfterMs({ headers }, {}, now) : undefined;
  if (after !== undefined) return after;
  const reset = usedUp(headers) ? resetIn(headers, now) : null;
  if (reset !== null) return reset;
  return status === 429 ? UNSAID_MS : 0;
}

const PREFIXES = ['x-ratelimit-', 'ratelimit-', 'x-rate-limit-', 'x-ratelimit-requests-'];

function usedUp(headers: LimitedAnswer['headers']): boolean {
  if (PREFIXES.some((prefix) => first(headers[`${prefix}remaining`]) === '0')) return true;
  // Structured fields: `"default";r=0;t=30`, or `limit=100, remaining=0, reset=30` in earlier drafts.
  return /(?:^|[;,\s])(?:r|remaining)=0(?![\d.])/.test(headers.ratelimit ?? '');
}

function resetIn(headers: LimitedAnswer['headers'], now: number): number | null {
  for (const prefix of PREFIXES) {
    const after = Number(first(headers[`${prefix}reset-after`]) || Number.NaN);
    if (Number.isFinite(after)) return Math.max(0, after * 1_000);
    const reset = timeIn(first(headers[`${prefix}reset`]), now);
    if (reset !== null) return reset;
  }
  const structured = /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(headers.ratelimit ?? '')?.[1];
  return structured === undefined ? null : Number(structured) * 1_000;
}

/** Seconds from now, a moment in seconds or milliseconds, or a date. */
function timeIn(text: string, now: number): number | null {
  if (text === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : Math.max(0, at - now);
  }
  if (number >= MOMENT_MS) return Math.max(0, number - now);
  if (number >= MOMENT_S) return Math.max(0, number * 1_000 - now);
  return Math.max(0, number * 1_000);
}

/** Some servers send one number for each of their limits; the first one is the narrowest. A date holds a comma, too. */
const first = (text: string | undefined): string => {
  const [one = ''] = /^\s*[\d.]+\s*,/.test(text ?? '') ? text!.split(',') : [text ?? ''];
  return one.trim();
};
