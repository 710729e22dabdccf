import { setTimeout } from 'node:timers/promises';

const EVERY_MS = 5;

/** How much arrives, and for how long. */
export interface Arrivals {
  readonly perSecond: number;
  readonly forMs: number;
}

/**
 * Calls `arrive` at a constant rate, whatever became of the earlier calls. `dueAt` is the moment at which the call was
 * due, on the clock of `performance.now()`: what is timed from there counts a sender that is late, too.
 *
 * @returns how many arrived
 */
export async function arriveAt(
  { perSecond, forMs }: Arrivals,
  arrive: (number: number, dueAt: number) => void,
): Promise<number> {
  const began = performance.now();
  let number = 0;
  while (performance.now() - began < forMs) {
    const due = ((performance.now() - began) * perSecond) / 1_000;
    for (; number < due; number++) arrive(number, began + (number * 1_000) / perSecond);
    await setTimeout(EVERY_MS);
  }
  return number;
}
