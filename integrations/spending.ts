/** What one call to a model used. Counts of tokens unless said otherwise. */
export interface ModelUsage {
  /** Input that was neither read from the provider's cache nor written to it. */
  readonly input: number;
  /** Input read from the provider's cache. */
  readonly cacheRead: number;
  /** Input written to the provider's cache. */
  readonly cacheWrite: number;
  /** Output, reasoning included. */
  readonly output: number;
  /** The part of `output` that is reasoning. */
  readonly reasoning: number;
  /** Seconds of audio, if the provider charges by time. */
  readonly seconds?: number;
  /** Images made, if the provider charges by image. */
  readonly images?: number;
  /** The provider does not say what the call used: this is the most that it can have been. */
  readonly estimated?: boolean;
}

/** A call that used nothing. */
export const NO_USAGE: ModelUsage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** A call to a model that is about to be made. */
export interface PlannedCall {
  readonly provider: string;
  readonly model: string;
  /** The most that the call can use: counted input, and the limit of output. */
  readonly estimate: ModelUsage;
  /** What the author lets the step spend, in all its attempts: a hard budget. */
  readonly limit?: SpendingLimit | undefined;
  /**
   * The provider's id of a call that an earlier attempt began (`SpendingReservation.began`), and that this attempt only asks
   * about. Then its reservation is taken over, and nothing more is counted.
   */
  readonly continues?: string | undefined;
}

/** A budget that stands in a graph. */
export interface SpendingLimit {
  /** US dollars as a decimal text. */
  readonly cost: string;
  /** Path of the container whose calls count together, such as that of an agent. Absent: the step itself. */
  readonly within?: string | undefined;
}

/** What a call used and cost. */
export interface CallCost {
  readonly usage: ModelUsage;
  /** US dollars as a decimal text (`0.00125`); null if nobody knows the price of this model. */
  readonly cost: string | null;
}

/** The accounts of the workspace for calls to models: usage per attempt, and budgets. */
export interface Spending {
  /**
   * Counts a call against every budget that applies before it is made.
   *
   * @throws NodeError `ai.budget` if a hard budget does not allow it; then nothing is reserved
   */
  reserve(call: PlannedCall): Promise<SpendingReservation>;
}

/**
 * Room in the budgets that a call holds until somebody knows what it cost. If nobody ever says, because the worker died, the
 * estimate stays counted.
 */
export interface SpendingReservation {
  /**
   * The provider works on the call under this id, so that a later attempt can ask for the answer. Write the id into the step's
   * cell, and pass it as `continues` then.
   */
  began(id: string): Promise<void>;
  /** The call was made. Records its usage, also for an attempt that fails afterwards. Only the first time counts. */
  settle(made: { readonly usage: ModelUsage; readonly id: string | null }): Promise<CallCost>;
  /** The call was certainly not made or not charged. */
  release(): Promise<void>;
  /** Nobody knows whether the call is charged: the whole estimate stays counted. */
  unknown(): Promise<void>;
}
