import { randomUUID } from 'node:crypto';
import type { Bus } from '../bus/index.ts';
import { type Cells, createCells } from './cells.ts';
import { costMs } from './gcra.ts';
import type { Throttle } from './throttle.ts';

const TOPIC = 'throttle';
/** What was taken is told this often. In between, each process knows only what it took itself. */
const TELL_MS = 50;
/** Keys in one hint, which must not be large. */
const KEYS_IN_HINT = 50;

/**
 * Limits in memory, where processes tell each other over a bus what they have taken. For one process they are exact;
 * several may together take more in a moment, and pay it off afterwards.
 */
export function toldThrottle(bus: Bus, cells: Cells = createCells()): Throttle {
  const self = randomUUID();
  const taken = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer = undefined;
    const all = [...taken];
    taken.clear();
    for (let at = 0; at < all.length; at += KEYS_IN_HINT)
      bus.publish(TOPIC, JSON.stringify([self, all.slice(at, at + KEYS_IN_HINT)] satisfies Told));
  };
  const hearing = bus.subscribe(TOPIC, (hint) => {
    const told = readTold(hint);
    if (told === null || told[0] === self) return;
    for (const [key, ms] of told[1]) cells.add(key, ms);
  });
  return {
    take: async (key, rate) => {
      const verdict = cells.take(key, rate);
      if (verdict.allowed) {
        taken.set(key, (taken.get(key) ?? 0) + costMs(rate));
        timer ??= setTimeout(tell, TELL_MS).unref();
      }
      return verdict;
    },
    look: async (key, rate) => cells.look(key, rate),
    close: () => {
      hearing.stop();
      clearTimeout(timer);
      tell();
    },
  };
}

/** Who has taken how much, in milliseconds that it takes to pay it off, by key. */
type Told = readonly [teller: string, taken: readonly (readonly [key: string, ms: number])[]];

/** What a hint tells; null if it is empty, or of a version that tells something else. */
function readTold(hint: string): Told | null {
  try {
    const told = JSON.parse(hint) as Told;
    return told[1].every(([key, ms]) => typeof key === 'string' && ms > 0) ? told : null;
  } catch {
    return null;
  }
}
