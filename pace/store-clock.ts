/** Times of a store's clock, in the time of this process. */
export interface StoreClock {
  /** When the store's clock showed `there`: after it was asked, and before now. */
  here(there: number, askedAt: number): number;
}

/**
 * Learns how far the two clocks are apart. An answer that was under way for long says little of it, so the smallest difference
 * counts, as long as it agrees with when the store was asked: either clock may be set meanwhile.
 */
export function storeClock(now: () => number): StoreClock {
  let apart = Number.POSITIVE_INFINITY;
  return {
    here: (there, askedAt) => {
      apart = Math.max(askedAt - there, Math.min(apart, now() - there));
      return there + apart;
    },
  };
}
