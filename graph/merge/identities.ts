import { type Entry, type Parts, type Slot, slotKey } from '../diff/entries.ts';
import { matchEntries } from '../diff/match.ts';
import type { Three } from './merging.ts';
import type { Side } from './types.ts';

/** Where an entry stands: the key of its container ('' is the graph), and which map of it. */
export interface Place {
  readonly owner: string;
  readonly slot: Slot;
}

/** A node or trigger across the three graphs, with its id and place in the merged graph. */
export interface Identity extends Place {
  readonly key: string;
  readonly id: string;
  readonly entries: Three<Entry>;
  readonly places: Three<Place>;
}

/** All nodes and triggers of three graphs by their keys, each after its container in at least one graph. */
export type Identities = ReadonlyMap<string, Identity>;

/**
 * Finds out which nodes of the three graphs are the same, and what each is called and where it stands in the merged
 * graph. A renaming or a move that would put two nodes in one place is not followed: such a node counts as removed and
 * added.
 */
export function identify(parts: Three<Parts> & { readonly [key in 'base' | Side]: Parts }, favour: Side): Identities {
  const fixed = { ours: new Set<string>(), theirs: new Set<string>() };
  for (;;) {
    const found = table(parts, fixed, favour);
    const colliding = [...collisions(found), ...circles(found)];
    if (colliding.length === 0) return found;
    const before = fixed.ours.size + fixed.theirs.size;
    for (const identity of colliding) fix(identity, fixed);
    // Without renamings and moves nothing can collide.
    if (fixed.ours.size + fixed.theirs.size === before) {
      for (const path of parts.base.entries.keys()) for (const side of SIDES) fixed[side].add(path);
    }
  }
}

const SIDES = ['ours', 'theirs'] as const;

function fix({ entries, places }: Identity, fixed: Readonly<Record<Side, Set<string>>>): void {
  if (entries.base === undefined) return;
  for (const side of SIDES) {
    const entry = entries[side];
    const isElsewhere = entry !== undefined && (entry.id !== entries.base.id || !samePlace(places[side], places.base));
    if (isElsewhere) fixed[side].add(entries.base.path);
  }
}

type Building = { entries: { -readonly [key in keyof Three<Entry>]: Entry | undefined }; places: Three<Place> };

function table(
  parts: Readonly<Record<'base' | Side, Parts>>,
  fixed: Readonly<Record<Side, ReadonlySet<string>>>,
  favour: Side,
): Identities {
  const building = new Map<string, Building>();
  for (const version of ['base', ...SIDES] as const) {
    const keys = version === 'base' ? null : keysOf(parts.base, parts[version], fixed[version]);
    for (const entry of parts[version].entries.values()) {
      const keyOf = (path: string): string => (path === '' ? '' : (keys?.get(path) ?? path));
      const key = keyOf(entry.path);
      const known = building.get(key) ?? {
        entries: { base: undefined, ours: undefined, theirs: undefined },
        places: { base: undefined, ours: undefined, theirs: undefined },
      };
      const place: Place = { owner: keyOf(entry.owner), slot: entry.slot };
      building.set(key, {
        entries: { ...known.entries, [version]: entry },
        places: { ...known.places, [version]: place },
      });
    }
  }
  return new Map([...building].map(([key, { entries, places }]) => [key, settle(key, entries, places, favour)]));
}

/** The keys of a side's entries: the path of the same entry in the base, or a key of its own for what was added. */
function keysOf(base: Parts, side: Parts, fixed: ReadonlySet<string>): Map<string, string> {
  const keys = new Map([...matchEntries(base, side, fixed)].map(([was, is]) => [is, was]));
  for (const { path, owner, slot, id } of side.entries.values()) {
    if (!keys.has(path)) keys.set(path, `+${slotKey(keys.get(owner) ?? '', slot)} ${id}`);
  }
  return keys;
}

/** The id and the place of an entry in the merged graph. */
function settle(key: string, entries: Three<Entry>, places: Three<Place>, favour: Side): Identity {
  const other = favour === 'ours' ? 'theirs' : 'ours';
  const leading = entries[favour];
  const following = entries[other];
  const known = (leading ?? following ?? entries.base)!;
  const follows = leading !== undefined && following !== undefined && entries.base !== undefined;
  const id = follows && leading.id === entries.base.id ? following.id : known.id;
  const isHere = places[favour] ?? places[other] ?? places.base;
  const place = follows && samePlace(places[favour], places.base) ? places[other]! : isHere!;
  return { key, id, entries, places, ...place };
}

/** Whether two places are the same. */
export const samePlace = (a: Place | undefined, b: Place | undefined): boolean =>
  a?.owner === b?.owner && a?.slot === b?.slot;

/** Entries that would share an id in one map, of the merged graph or of one of the three with its ids renamed. */
function collisions(identities: Identities): Identity[] {
  const taken = new Map<string, Set<Identity>>();
  for (const identity of identities.values()) {
    const { places, entries } = identity;
    const merged = entries.ours !== undefined || entries.theirs !== undefined ? identity : undefined;
    for (const [version, place] of Object.entries({ ...places, merged })) {
      if (place === undefined) continue;
      const at = `${version} ${slotKey(place.owner, place.slot)} ${identity.id}`;
      taken.set(at, (taken.get(at) ?? new Set()).add(identity));
    }
  }
  return [...taken.values()].flatMap((group) => (group.size > 1 ? [...group] : []));
}

/** Containers that would contain each other. */
function circles(identities: Identities): Identity[] {
  const found: Identity[] = [];
  for (const identity of identities.values()) {
    const seen = new Set<Identity>();
    let at: Identity | undefined = identity;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      at = identities.get(at.owner);
    }
    if (at === identity) found.push(identity);
  }
  return found;
}
