import type { Holder } from '../diff/fields.ts';
import type { Json, JsonObject } from '../json.ts';
import { toPointer } from '../pointer.ts';
import type { Conflict, Side } from './types.ts';

/** The three versions of one thing; one that is absent does not exist there. */
export interface Three<T> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/** What the fields that are merged belong to, and where conflicts go. */
export interface Merging {
  readonly holder: Holder;
  /** JSON Pointer of the holder. */
  readonly path: string;
  /** The holder as the favoured side has it, because the rules of its fields depend on its type. */
  readonly holding: JsonObject;
  readonly favour: Side;
  readonly conflicts: Conflict[];
}

/** Merges one field. */
export type MergeField = (merging: Merging, three: Three<Json>, path: readonly string[]) => Json | undefined;

/** Reports a conflict about a field; the favoured side's value stands meanwhile. */
export function undecided(merging: Merging, three: Three<Json>, path: readonly string[]): Json | undefined {
  const gone = three.ours === undefined || three.theirs === undefined;
  const kind = gone ? 'deleted' : three.base === undefined ? 'added' : 'changed';
  report(merging, kind, three, path);
  return three[merging.favour];
}

/** Reports a conflict about a field. */
export function report(
  { conflicts, path: holder }: Merging,
  kind: Conflict['kind'],
  three: Three<Json>,
  path: readonly string[],
): void {
  conflicts.push({ kind, path: holder + toPointer(path), ...said(three) });
}

/** The versions that exist, as a conflict shows them. */
export function said({ base, ours, theirs }: Three<Json>): Pick<Conflict, 'base' | 'ours' | 'theirs'> {
  return {
    ...(base === undefined ? {} : { base }),
    ...(ours === undefined ? {} : { ours }),
    ...(theirs === undefined ? {} : { theirs }),
  };
}
