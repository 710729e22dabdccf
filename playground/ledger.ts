import type { Json } from '../graph/json.ts';
import { MAX_LIST_BYTES } from './limits.ts';
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
  /** The effects that fit, oldest first; if they are too much for one answer, the newest of them. */
  list(fits: (effect: Effect) => boolean): { items: Effect[]; complete?: false };
  clear(): void;
}

/** An effect whose data are text, as in the recorder. */
type Kept = Omit<Effect, 'data' | 'last'> & { readonly data: string; readonly last: string };

/** Builds the ledger of a recorder by replaying the contents of its file. */
export function openLedger(recorder: Recorder): Ledger {
  const effects = new Map<string, Kept>();

  const count = (entry: Entry): void => {
    const { name, key, data } = entry;
    const { calls, applied, data: first } = effects.get(idOf(name, key)) ?? { calls: 0, applied: 0, data };
    const kept = { name, key, calls: calls + 1, applied: applied + (entry.applied ? 1 : 0), data: first, last: data };
    effects.set(idOf(name, key), kept);
  };
  const replay = (): void => {
    effects.clear();
    for (const entry of recorder.entries) count(entry);
  };
  replay();

  return {
    call(name, key, data, once) {
      const id = idOf(name, key);
      const applied = !(once && (effects.get(id)?.applied ?? 0) > 0);
      const { entry, forgot } = recorder.append({ name, key, applied, data: JSON.stringify(data) });
      if (forgot) replay();
      else count(entry);
      return { applied, effect: read(effects.get(id)!) };
    },
    find: (name, key) => {
      const kept = effects.get(idOf(name, key));
      return kept && read(kept);
    },
    list: (fits) => newestOf([...effects.values()], fits),
    clear() {
      recorder.clear();
      effects.clear();
    },
  };
}

function newestOf(effects: readonly Kept[], fits: (effect: Effect) => boolean): { items: Effect[]; complete?: false } {
  const items: Effect[] = [];
  let left = MAX_LIST_BYTES;
  for (const kept of effects.toReversed()) {
    const effect = read(kept);
    if (!fits(effect)) continue;
    left -= kept.data.length + kept.last.length;
    if (left < 0) return { items: items.reverse(), complete: false };
    items.push(effect);
  }
  return { items: items.reverse() };
}

const idOf = (name: string, key: string): string => JSON.stringify([name, key]);

const read = (kept: Kept): Effect => ({ ...kept, data: JSON.parse(kept.data), last: JSON.parse(kept.last) });
