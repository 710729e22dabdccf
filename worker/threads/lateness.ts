/**
 * How late Temporal's server is: how much longer than usual it takes to accept what a worker answers. If the answer asks for
 * local work, mostly writes to Blok's database, that counts too, because core accepts the answer after it.
 */

/** What is known of that. */
export interface Lateness {
  /** Remembers how long the server took to accept an answer, in milliseconds. */
  note(ms: number): void;
  /** By how much the slowest of the last answers was late, in milliseconds. 0 if it was in time. */
  ms(): number;
}

/** Answers are looked at together for this long, in milliseconds. The slowest of each such window counts. */
const WINDOW_MS = 500;
/** What comes back sooner has not been to the server. */
const SENT_MS = 1;
/** Half as much again as usual is in time, and this much more, in milliseconds. */
const IN_TIME_MS = 20;
/** A window that is quicker than usual moves what is usual by this part of the difference. */
const QUICKER = 0.2;
/**
 * One that is slower moves it by this factor, because networks and servers change: twice as much in half an hour of slow answers. Much
 * sooner, and a server that is late for minutes would count as in time.
 */
const SLOWER = 1.0002;

/** At first the server is in time, however long it takes. */
export function createLateness(now: () => number = () => performance.now()): Lateness {
  let usual: number | undefined;
  let since = now();
  let slowest = 0;
  let before = 0;

  const learn = (): void => {
    if (slowest === 0) return;
    usual ??= slowest;
    usual = slowest < usual ? usual - (usual - slowest) * QUICKER : usual * SLOWER;
  };
  const turn = (): void => {
    const passed = now() - since;
    if (passed < WINDOW_MS) return;
    learn();
    before = passed < 2 * WINDOW_MS ? slowest : 0;
    slowest = 0;
    since = now();
  };
  return {
    note: (ms) => {
      turn();
      if (ms >= SENT_MS) slowest = Math.max(slowest, ms);
    },
    ms: () => {
      turn();
      if (usual === undefined) return 0;
      const late = Math.max(before, slowest) - usual;
      return late > usual / 2 + IN_TIME_MS ? late : 0;
    },
  };
}
