import { type Pacing, UNUSED } from './pacing.ts';
import type { PaceStore } from './store.ts';

/** Most buckets in memory. The one that was used longest ago is forgotten first. */
const MOST = 10_000;

/** Buckets of one process alone. */
export function memoryPace(now: () => number = Date.now): PaceStore {
  const states = new Map<string, Pacing>();
  return {
    change: async ({ workspace, key, rate }, change) => {
      const name = `${workspace}/${key}`;
      const [next, told] = change(states.get(name) ?? UNUSED, rate, now());
      states.delete(name);
      states.set(name, next);
      if (states.size > MOST) states.delete(states.keys().next().value!);
      return told;
    },
  };
}
