/** A map that forgets the least recently used entry when it is full. */
export interface Lru<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): V;
}

/** @param max entries kept */
export function createLru<V>(max: number): Lru<V> {
  const entries = new Map<string, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > max) entries.delete(entries.keys().next().value as string);
      return value;
    },
  };
}
