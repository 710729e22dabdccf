import type { Histogram } from '../../schema/statistics.ts';

/** Bins in a doubling: a percentile is off by at most 4.5 %. */
export const BINS = 8;

/** The bin of a duration in milliseconds. SQL computes the same in `tally.ts`. */
export const binOf = (ms: number): number => Math.round(BINS * Math.log2(Math.max(0, ms) + 1));

/** The duration in the middle of a bin, in milliseconds. */
const middleOf = (bin: number): number => Math.round(2 ** (bin / BINS) - 1);

/** Adds up histograms. */
export function addUp(histograms: Iterable<Histogram>): Histogram {
  const sum: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const [bin, count] of Object.entries(histogram)) sum[bin] = (sum[bin] ?? 0) + count;
  }
  return sum;
}

/** The durations that these shares of all did not exceed, in milliseconds; null if there are none. */
export function percentiles(histogram: Histogram, shares: readonly number[]): (number | null)[] {
  // Properties that are whole numbers come in the order of the numbers.
  const bins = Object.entries(histogram);
  const all = bins.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  const upTo = bins.map(([bin, count]) => [(seen += count), Number(bin)] as const);
  return shares.map((share) => {
    const found = upTo.find(([count]) => count >= share * all);
    return found === undefined ? null : middleOf(found[1]);
  });
}
