import { renameParts } from '../diff/align-ids.ts';
import { type Entry, entryPath, type Parts, putTogether } from '../diff/entries.ts';
import { sameMeaning } from '../diff/fields.ts';
import type { Graph } from '../document/types.ts';
import type { Json, JsonObject } from '../json.ts';
import { fromPointer, own } from '../pointer.ts';
import { type Identities, type Identity, type Place, samePlace } from './identities.ts';
import { type Merging, said, type Three } from './merging.ts';
import { type Contest, type Growing, start } from './survivors.ts';
import type { Conflict, Side } from './types.ts';
import { mergeFields, unitedKeys } from './values.ts';

/** The three graphs of a merge. */
export type Graphs = Readonly<Record<'base' | Side, Graph>>;

/** A merge under way. */
export interface Work {
  readonly graphs: Graphs;
  readonly parts: Readonly<Record<'base' | Side, Parts>>;
  readonly identities: Identities;
  readonly favour: Side;
  /** The graph's own fields, merged. */
  readonly root: JsonObject;
  readonly growing: ReadonlyMap<string, Growing>;
  readonly conflicts: Conflict[];
  /** An entry in the three graphs, with the ids of the merged graph. */
  readonly versionsOf: (identity: Identity) => Three<Entry>;
}

/** Merges the fields of everything; what one side deletes is decided later. */
export function beginWork(given: Pick<Work, 'graphs' | 'parts' | 'identities' | 'favour'>): Work {
  const { graphs, parts, identities, favour } = given;
  const conflicts: Conflict[] = [];
  const renamed = {
    base: inMergedWords('base', given),
    ours: inMergedWords('ours', given),
    theirs: inMergedWords('theirs', given),
  };
  const versionsOf = ({ entries }: Identity): Three<Entry> => ({
    base: entries.base && renamed.base.entries.get(entries.base.path),
    ours: entries.ours && renamed.ours.entries.get(entries.ours.path),
    theirs: entries.theirs && renamed.theirs.entries.get(entries.theirs.path),
  });
  const roots = { base: renamed.base.root, ours: renamed.ours.root, theirs: renamed.theirs.root };
  const whole: Merging = { holder: 'graph', path: '', holding: roots[favour], favour, conflicts };
  const root = mergeFields(whole, roots);
  const growing = start(identities, versionsOf, (identity, versions) => {
    const path = pathOf(identities, identity);
    conflicts.push(...misplaced(identity, path));
    return mergeEntry(versions, { path, favour, conflicts });
  });
  return { graphs, parts, identities, favour, root, growing, conflicts, versionsOf };
}

function inMergedWords(
  version: 'base' | Side,
  { graphs, parts, identities }: Pick<Work, 'graphs' | 'parts' | 'identities'>,
) {
  const ids = new Map<string, string>();
  for (const { id, entries } of identities.values()) {
    const entry = entries[version];
    if (entry !== undefined && entry.id !== id) ids.set(entry.path, id);
  }
  return renameParts(graphs[version], parts[version], ids);
}

/** An id, and the place where it stands. */
export type Standing = Place & { readonly id: string };

/** The JSON Pointer of what stands somewhere in the merged graph, or would. */
export function pathOf(places: ReadonlyMap<string, Standing>, at: Standing): string {
  const owner = places.get(at.owner);
  return entryPath(owner === undefined ? '' : pathOf(places, owner), at.slot, at.id);
}

/** The conflicts about the id and the place of an entry. */
function misplaced({ entries: { base, ours, theirs }, places }: Identity, path: string): Conflict[] {
  if (base === undefined || ours === undefined || theirs === undefined) return [];
  const renamed = ours.id !== base.id && theirs.id !== base.id && ours.id !== theirs.id;
  const moved =
    !samePlace(places.ours, places.base) &&
    !samePlace(places.theirs, places.base) &&
    !samePlace(places.ours, places.theirs);
  return [
    ...(renamed ? [{ kind: 'renamed' as const, path, base: base.id, ours: ours.id, theirs: theirs.id }] : []),
    ...(moved ? [{ kind: 'moved' as const, path, base: base.path, ours: ours.path, theirs: theirs.path }] : []),
  ];
}

function mergeEntry(
  { base, ours, theirs }: Three<Entry>,
  { path, favour, conflicts }: Pick<Merging, 'path' | 'favour' | 'conflicts'>,
): JsonObject {
  if (ours === undefined || theirs === undefined) return (ours ?? theirs ?? base)!.own;
  const favoured = favour === 'ours' ? ours : theirs;
  const versions = { base: base?.own, ours: ours.own, theirs: theirs.own };
  if (base === undefined && !sameMeaning(ours.slot, ours.own, theirs.own)) {
    // Two nodes that were added under one id are two things: their fields are not mixed.
    conflicts.push({ kind: 'added', path, ...said(versions) });
    return favoured.own;
  }
  return mergeFields({ holder: ours.slot, path, holding: favoured.own, favour, conflicts }, versions);
}

/** The conflict about something that one side deletes and the other needs. */
export function contested({ growing, graphs, identities }: Work, { key, slot }: Contest): Conflict {
  const { entries } = growing.get(key)!.identity;
  const read = (version: 'base' | Side): Json | undefined => {
    const path = entries[version]?.path;
    const node = path === undefined ? undefined : readNode(graphs[version], path);
    return slot === undefined ? node : own(node, slot);
  };
  const path = pathOf(identities, identities.get(key)!) + (slot === undefined ? '' : `/${slot}`);
  return { kind: 'deleted', path, ...said({ base: read('base'), ours: read('ours'), theirs: read('theirs') }) };
}

function readNode(graph: Graph, path: string): JsonObject {
  let value = graph as unknown as JsonObject;
  for (const segment of fromPointer(path)) value = value[segment] as JsonObject;
  return value;
}

/** Puts together what is alive, in the order of `ours`, with what `theirs` added where it stands there. */
export function assemble({ growing, parts, root }: Work): Graph {
  const inOrder = unitedKeys(keysIn(growing, 'ours', parts.ours), keysIn(growing, 'theirs', parts.theirs));
  const alive = inOrder.map((key) => growing.get(key)!).filter(({ fate }) => fate === 'alive');
  const places = placesOf(growing);
  const entries = alive.map(({ identity: { id }, place, own }): Entry => {
    const owner = place.owner === '' ? '' : pathOf(places, places.get(place.owner)!);
    return { path: pathOf(places, { id, ...place }), id, owner, slot: place.slot, own };
  });
  const triggers = entries.some(({ slot }) => slot === 'triggers') && root.triggers === undefined;
  return putTogether(triggers ? { ...root, triggers: {} } : root, entries);
}

/** Where everything that is alive stands in the merged graph. */
export function placesOf(growing: Work['growing']): ReadonlyMap<string, Standing> {
  return new Map([...growing].map(([key, { identity, place }]) => [key, { id: identity.id, ...place }]));
}

function keysIn(growing: Work['growing'], side: Side, parts: Parts): string[] {
  const keys = new Map<string, string>();
  for (const [key, { identity }] of growing) {
    const entry = identity.entries[side];
    if (entry !== undefined) keys.set(entry.path, key);
  }
  return [...parts.entries.keys()].map((path) => keys.get(path)!);
}
