/** How often something may happen. */
export interface Rate {
  /** How often in `perMs`, in the long run. */
  readonly limit: number;
  readonly perMs: number;
  /** How often at once, after a quiet time. */
  readonly burst: number;
}

/** Whether it may happen now. */
export interface Verdict {
  readonly allowed: boolean;
  /** When to come again; 0 if it is allowed. */
  readonly retryAfterMs: number;
}

/** Limits how often something happens, in all processes together. */
export interface Throttle {
  /** Takes one of what the rate allows, if there is one. */
  take(key: string, rate: Rate): Promise<Verdict>;
  /** Whether one could be taken now. Takes none. */
  look(key: string, rate: Rate): Promise<Verdict>;
  close(): void;
}
