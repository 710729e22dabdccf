import type { Graph } from '../document/types.ts';
import { type NewIds, renameIds } from '../edit/rename-ids.ts';
import { type Entry, type Parts, takeApart } from './entries.ts';
import type { Matches } from './match.ts';

/** A graph in which entries have other ids, taken apart. */
export interface Renamed {
  readonly root: Parts['root'];
  /** The entries by their JSON Pointers before they were renamed. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Renames ids of a graph, in links and expressions, too. `parts` is the graph taken apart. */
export function renameParts(graph: Graph, parts: Parts, ids: NewIds): Renamed {
  if (ids.size === 0) return parts;
  const renamed = takeApart(renameIds(graph, ids));
  // Renaming keeps the order of everything.
  const entries = [...renamed.entries.values()];
  return {
    root: renamed.root,
    entries: new Map([...parts.entries.keys()].map((path, index) => [path, entries[index]!])),
  };
}

/** The ids that entries have in the other graph, where they differ. */
export function newIds(before: Parts, after: Parts, matches: Matches): NewIds {
  const ids = new Map<string, string>();
  for (const [was, is] of matches) {
    const { id } = after.entries.get(is)!;
    if (before.entries.get(was)!.id !== id) ids.set(was, id);
  }
  return ids;
}
