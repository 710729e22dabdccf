import { compare, type Decimal, isWithin, middle, minus, percentText, plus } from '../notation/decimal.ts';
import type { Quote } from './feed.ts';

/** What feeds agree on. */
export interface Agreement {
  /** The median of the feeds that agree. */
  readonly price: Decimal;
  /** The ends of what the price may be by those feeds, their confidence included. */
  readonly low: Decimal;
  readonly high: Decimal;
  /** How far the prices are apart, in percent of the lowest, as a text. */
  readonly spread: string;
  /** When the oldest of the prices was true: milliseconds since 1970. */
  readonly at: number;
  /** The feeds that agree, by price. */
  readonly quotes: readonly Quote[];
}

/**
 * The agreement of as many feeds as possible whose prices are close together, or null if no so many are. Of several such groups
 * of the same size, the closest one counts.
 *
 * @param maxSpread percent of the lowest price
 */
export function agreementOf(quotes: readonly Quote[], least: number, maxSpread: Decimal): Agreement | null {
  const sorted = [...quotes].sort((a, b) => compare(a.price, b.price));
  for (let size = sorted.length; size >= Math.max(least, 1); size -= 1) {
    const groups = Array.from({ length: sorted.length - size + 1 }, (_, from) => sorted.slice(from, from + size))
      .filter((group) => isWithin(widthOf(group), maxSpread, group[0]!.price))
      .sort((a, b) => compare(widthOf(a), widthOf(b)));
    if (groups[0]) return summed(groups[0]);
  }
  return null;
}

const widthOf = (group: readonly Quote[]): Decimal => minus(group.at(-1)!.price, group[0]!.price);

function summed(group: readonly Quote[]): Agreement {
  const half = Math.floor(group.length / 2);
  const upper = group[half]!.price;
  const lows = group.map(({ price, confidence }) => (confidence ? minus(price, confidence) : price));
  const highs = group.map(({ price, confidence }) => (confidence ? plus(price, confidence) : price));
  return {
    price: group.length % 2 === 1 ? upper : middle(group[half - 1]!.price, upper),
    low: lows.reduce((a, b) => (compare(a, b) <= 0 ? a : b)),
    high: highs.reduce((a, b) => (compare(a, b) >= 0 ? a : b)),
    spread: percentText(widthOf(group), group[0]!.price),
    at: Math.min(...group.map(({ at }) => at)),
    quotes: group,
  };
}
