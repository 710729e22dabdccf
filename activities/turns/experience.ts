import type { Asker, Expected } from './next-turn.ts';

/** How long work took, by its name, and what that says of the next time. */
export interface Experience {
  expect(asker: Asker): Expected;
  /** Remembers that work took this long, in milliseconds, or was ended after it. */
  note(asker: Asker, ms: number): void;
}

/** Names remembered. The one that was used longest ago is forgotten first. */
const NAMES = 10_000;
/** Times remembered of each. */
const TIMES = 5;

/** Remembers in memory. @param longAfterMs work that takes this long is long */
export function createExperience(longAfterMs: number): Experience {
  const times = new Map<string, readonly number[]>();
  const keyOf = ({ workspace, work }: Asker): string => `${workspace} ${work}`;
  return {
    expect: (asker) => {
      const known = times.get(keyOf(asker));
      if (!known) return 'unknown';
      // The shortest, because on a busy machine short work takes long now and then, too.
      return Math.min(...known) < longAfterMs ? 'short' : 'long';
    },
    note: (asker, ms) => {
      const key = keyOf(asker);
      const known = times.get(key) ?? [];
      times.delete(key);
      times.set(key, [ms, ...known].slice(0, TIMES));
      if (times.size > NAMES) times.delete(times.keys().next().value!);
    },
  };
}
