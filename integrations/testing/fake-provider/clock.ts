/** The time of a fake provider: it stands still unless a test moves it. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(ms: number): void;
  /** The moment `ms` from now, as HTTP writes it. */
  httpDate(ms?: number): string;
}

/** A clock that begins at a fixed moment, so that no test depends on the day it runs. */
export function fakeClock(start = Date.UTC(2026, 0, 5, 12)): FakeClock {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
    httpDate: (ms = 0) => new Date(at + ms).toUTCString(),
  };
}
