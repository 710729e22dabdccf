/**
 * Version of driver, reducer and expression library together. Each run keeps the version it began with: a change of
 * what a run asks of Temporal, or of the order in which it asks, applies only to runs of that version or later.
 */
export const INTERPRETER_VERSION = 10;

/** These changes, and the first version that has each. */
export const SINCE = {
  /** Among nodes that are ready together, `stop` and `fail` start first, so that ids do not decide what is started. */
  endsStartFirst: 2,
  /** The first failure of a round or item is at once that of its loop: no timeout and no later failure replaces it. */
  firstFailureStays: 2,
  /** Bodies that close together are undone together: newest completion first, in whichever body it was. */
  undoneTogether: 2,
  /** `count` of a `forEach` counts the items it was given, not the batches they were put into. */
  itemsCounted: 2,
  /** `JSON.parse` in an expression refuses a number that a double would change; version 1 took the nearest double. */
  parsedNumbersStay: 2,
  /**
   * The fuel for comparing lists and objects, spreading objects and searching long texts matches measured times.
   * Prices read the number itself (`Fuel.prices`).
   */
  measuredPrices: 2,
  /**
   * The start of a called run is seen through: if the calling run is told to stop meanwhile, it stops the called run as
   * soon as that has begun, and does not end before. A called run that never began leaves nothing unknown, so nothing
   * is undone for it.
   */
  calledRunsSeenThrough: 2,
  /** Pausing a cancelled run, or a cancelled part of a long loop, does not delay its end. */
  cancelOutlastsPause: 2,
  /** A whole allowance of fuel is at most 50 ms of work, whatever it is spent on (`scripts/fuzz/price-corpus.ts`). */
  everyPriceMeasured: 3,
  /**
   * A run in the middle of long pure work takes what has arrived, and ends what is overdue, each time before it works
   * on. Whatever the work is, it stops after its slice, and a run that only computes gets slices less and less often.
   */
  busyRunsListen: 3,
  /** The bytes that a run holds are counted; large values that it computes are stored, and records written early. */
  bytesCount: 3,
  /**
   * A run that waits for a place hears of a free place also while it asks for one. Runs wait for their turn under
   * `rateLimit`: a worker that does not know the word must not take them.
   */
  heardWhileAsking: 4,
  /** An effect can be asked to stop by itself, not only together with all effects of its body. */
  stepsStopAlone: 5,
  /** Steps can be taken over from another run: a worker that does not know how must not take such a run. */
  stepsTakenOver: 5,
  /** What is asked of a step leaves out what Temporal tells its worker: a worker that does not look there must not take it. */
  askedInShort: 6,
  /**
   * Data nodes pay for what they do with each element, column and row; a run pays for constants that it walks through,
   * for cases that it compares, for nodes that it skips, and for bodies that it opens. A result whose texts are too long
   * together is refused; wherever a worker evaluates for a step, that holds for runs of all versions.
   */
  dataAndControlPriced: 7,
  /** A run with many steps in flight has them stopped first and closes after that. */
  stopsBeforeItCloses: 8,
  /** Only some scripts of a run are in flight at a time: hundreds that wait for their turn kept Temporal from all others. */
  fewScriptsInFlight: 9,
  /** A run begins with room for few effects, which grows: hundreds at once kept Temporal from all others. */
  roomGrows: 10,
} as const;

/** Whether a run follows a rule that a later version introduced. */
export const follows = ({ version }: { readonly version: number }, rule: keyof typeof SINCE): boolean =>
  version >= SINCE[rule];
