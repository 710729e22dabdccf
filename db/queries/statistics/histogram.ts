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
  for (const histogram of histograms) for (const bin in histogram) sum[bin] = (sum[bin] ?? 0) + histogram[bin]!;
  return sum;
}

/**
 * The durations that these shares of all did not exceed, in milliseconds; null if there are none.
 * @param shares the smallest first
 */
export function percentiles(histogram: Histogram, shares: readonly number[]): (number | null)[] {
  // Properties that are whole numbers come in the order of the numbers.
  const bins = Object.keys(histogram);
  const all = bins.reduce((sum, bin) => sum + histogram[bin]!, 0);
  let [at, seen] = [-1, 0];
  return shares.map((share) => {
    while (at + 1 < bins.length && (at < 0 || seen < share * all)) seen += histogram[bins[++at]!]!;
    return at < 0 ? null : middleOf(Number(bins[at]));
  });
}
