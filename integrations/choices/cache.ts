/** Keeps what was loaded for a short while. */
export interface ChoiceCache {
  /** What is kept under a key, or what `load` returns. Callers that ask at the same time load once. */
  get<T>(key: readonly unknown[], load: () => Promise<T>): Promise<T>;
}

/** How long choices are kept: an author who types asks many times, and a new channel should appear soon. */
const KEPT_MS = 60_000;

const MOST_KEPT = 500;

/** A cache of choices. The key must hold everything that the answer depends on, also whose connection it is. */
export function createChoiceCache(now: () => number = Date.now): ChoiceCache {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  return {
    get: <T>(parts: readonly unknown[], load: () => Promise<T>) => {
      const key = JSON.stringify(parts);
      const found = kept.get(key);
      if (found && found.until > now()) return found.value as Promise<T>;
      const value = load();
      kept.delete(key);
      kept.set(key, { until: now() + KEPT_MS, value });
      // The oldest goes first. A failure is not kept: the author mends the connection, and tries again.
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      value.catch(() => kept.get(key)?.value === value && kept.delete(key));
      return value;
    },
  };
}
