/** Skips work for a while after it has failed several times in a row, so that a hanging database delays nobody. */
export interface Breaker {
  /** True while work should be skipped. */
  isOpen(): boolean;
  succeeded(): void;
  failed(): void;
}

/** @param failures in a row that open it · @param restMs how long it then stays open */
export function createBreaker(failures = 5, restMs = 10_000, now: () => number = Date.now): Breaker {
  let inRow = 0;
  let until = 0;
  return {
    isOpen: () => now() < until,
    succeeded: () => {
      inRow = 0;
    },
    failed: () => {
      inRow++;
      if (inRow >= failures) until = now() + restMs;
    },
  };
}
