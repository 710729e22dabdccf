import { formatDuration } from '../../../graph/duration.ts';
import { type Decimal, formatDecimal, isWithin, percentText } from '../notation/decimal.ts';
import type { Quote, Reason, Refusal } from './feed.ts';

/** What a price must be like to count. */
export interface Demands {
  readonly maxAgeMs: number;
  /** The widest confidence interval, on either side, in percent of the price. */
  readonly maxConfidence: Decimal;
}

/** Clocks differ by less. */
const SKEW_MS = 30_000;

/** Why a price does not count, or null if it does. */
export function judgeQuote(quote: Quote, { maxAgeMs, maxConfidence }: Demands, now: number): Refusal | null {
  const { price, confidence, at, feed } = quote;
  const because = (reason: Reason, message: string): Refusal => ({ feed, reason, message, retryable: true });
  if (price.units <= 0n) return because('zero', `Its price is ${formatDecimal(price)}.`);
  if (at > now + SKEW_MS)
    return because('undated', `Its price is of ${new Date(at).toISOString()}, which is in the future.`);
  if (now - at > maxAgeMs)
    return because(
      'stale',
      `Its price is ${formatDuration(Math.floor((now - at) / 1_000) * 1_000)} old, and ${formatDuration(maxAgeMs)} are allowed.`,
    );
  if (confidence !== null && !isWithin(confidence, maxConfidence, price))
    return because(
      'wide',
      `It is sure of its price only within ${percentText(confidence, price)} %, and ${formatDecimal(maxConfidence)} % are allowed.`,
    );
  return null;
}
