import type { Json } from '../graph/json.ts';
import type { Entry, Recorder } from './recorder.ts';

/** What happened to one (name, key): how often it was called, and how often it changed the world. */
export interface Effect {
  readonly name: string;
  readonly key: string;
  readonly calls: number;
  readonly applied: number;
  /** Data of the first call, and of the latest call. */
  readonly data: Json;
  readonly last: Json;
}

/** An indexed view of a recorder. It looks up and counts entries without reading the log again. */
export interface Ledger {
  /** Records a call. `once`: only the first call of this (name, key) is applied. */
  call(name: string, key: string, data: Json, once: boolean): { applied: boolean; effect: Effect };
  find(name: string, key: string): Effect | undefined;
  list(): Effect[];
  clear(): void;
}

/** Builds the ledger of a recorder by replaying the contents of its file. */
export function openLedger(recorder: Recorder): Ledger {
  const effects = new Map<string, { -readonly [K in keyof Effect]: Effect[K] }>();
  const idOf = (name: string, key: string) => JSON.stringify([name, key]);

  const count = (entry: Entry) => {
    const id = idOf(entry.name, entry.key);
    const effect = effects.get(id) ?? {
      name: entry.name,
      key: entry.key,
      calls: 0,
      applied: 0,
      data: entry.data,
      last: null,
    };
    effect.calls += 1;
    effect.last = entry.data;
    if (entry.applied) effect.applied += 1;
    effects.set(id, effect);
    return effect;
  };
  for (const entry of recorder.entries) count(entry);

  return {
    call(name, key, data, once) {
      const applied = !(once && (effects.get(idOf(name, key))?.applied ?? 0) > 0);
      return { applied, effect: count(recorder.append({ name, key, applied, data })) };
    },
    find: (name, key) => effects.get(idOf(name, key)),
    list: () => [...effects.values()],
    clear() {
      recorder.clear();
      effects.clear();
    },
  };
}
