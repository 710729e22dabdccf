/**
 * Version of driver, reducer and expression library together. Each run keeps the version it began with, so what a
 * version changes in what a run asks of Temporal, or in their order, is done only for runs of that version or later.
 */
export const INTERPRETER_VERSION = 2;

/** What has changed so, and the first version that does it. */
export const SINCE = {
  /** Among nodes that are ready together, `stop` and `fail` start first: an id does not decide what is started. */
  endsStartFirst: 2,
  /** The first failure of a round or an item is that of its loop at once: neither a timeout nor a later one replaces it. */
  firstFailureStays: 2,
  /** Bodies that close together are undone together: newest completion first, whichever body it was in. */
  undoneTogether: 2,
  /** `count` of a `forEach` counts the items it was given, not the batches they were put into. */
  itemsCounted: 2,
  /** `JSON.parse` in an expression refuses a number that a double would change; before, it took the nearest double. */
  parsedNumbersStay: 2,
  /** Comparing lists and objects, spreading objects and searching long texts cost what they were measured to take. */
  measuredPrices: 2,
  /**
   * The start of a called run is seen through: a run that is told to stop meanwhile stops the called one as soon as it
   * has begun, and does not end before. And a called run that was never begun leaves nothing unknown, so nothing is
   * undone for it.
   */
  calledRunsSeenThrough: 2,
  /** To pause a run, or a share of a long loop, that was cancelled does not hold up its end. */
  cancelOutlastsPause: 2,
} as const;

/** Whether a run does what a later version brought. */
export const follows = ({ version }: { readonly version: number }, rule: keyof typeof SINCE): boolean =>
  version >= SINCE[rule];
