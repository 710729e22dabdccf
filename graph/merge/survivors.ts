import { type Entry, mapOf, type Slot } from '../diff/entries.ts';
import { sameMeaning } from '../diff/fields.ts';
import type { JsonObject } from '../json.ts';
import type { Identities, Identity, Place } from './identities.ts';
import { samePlace } from './identities.ts';
import type { Three } from './merging.ts';
import type { Side } from './types.ts';

/** What becomes of an entry: it is in the merged graph, it is not, or one side deletes what the other changed. */
export type Fate = 'alive' | 'dead' | 'contested';

/** An entry of the merged graph in the making. */
export interface Growing {
  readonly identity: Identity;
  fate: Fate;
  place: Place;
  /** What it says; of a contested one, what the side says that has it. */
  own: JsonObject;
}

/** What one side deletes while the other needs it: an entry, or a map of one. */
export interface Contest {
  readonly key: string;
  readonly slot?: Slot;
}

/** The fate of an entry. `said`: its versions in the words of the merged graph. */
export function fateOf({ entries, places }: Identity, said: Three<Entry>): Fate {
  const { base, ours, theirs } = said;
  if (ours !== undefined && theirs !== undefined) return 'alive';
  const left = ours ?? theirs;
  if (base === undefined || left === undefined) return left === undefined ? 'dead' : 'alive';
  const place = ours === undefined ? places.theirs : places.ours;
  // Both have the same id by now.
  const isRenamed = (entries.ours ?? entries.theirs)?.id !== entries.base?.id;
  const isUntouched = !isRenamed && samePlace(place, places.base) && sameMeaning(left.slot, base.own, left.own);
  return isUntouched ? 'dead' : 'contested';
}

/**
 * What is contested: the outermost of what one side deletes and the other changes, adds something to, or moves
 * something into. The same for both sides.
 */
export function contestsOf(growing: ReadonlyMap<string, Growing>): Contest[] {
  const found = new Map<string, Contest>();
  for (const each of growing.values()) {
    if (each.fate === 'dead') continue;
    const { ours, theirs } = each.identity.places;
    for (const place of each.fate === 'contested' ? [ours ?? theirs] : [each.place, ours, theirs]) {
      // Where it no longer stands does not matter, unless both sides moved it.
      if (place === undefined || (!samePlace(place, each.place) && !isMovedTwice(each.identity))) continue;
      const contest = outermost(each, place, growing);
      if (contest !== null) found.set(`${contest.key} ${contest.slot ?? ''}`, contest);
    }
  }
  return [...found.values()];
}

const isMovedTwice = ({ places: { base, ours, theirs } }: Identity): boolean =>
  [base, ours, theirs].every((place) => place !== undefined) &&
  !samePlace(base, ours) &&
  !samePlace(base, theirs) &&
  !samePlace(ours, theirs);

function outermost(start: Growing, from: Place, growing: ReadonlyMap<string, Growing>): Contest | null {
  let at = start;
  let place = from;
  while (place.owner !== '') {
    const owner = growing.get(place.owner)!;
    if (owner.fate === 'alive') {
      if (mapOf(owner.own, place.slot) === undefined) return { key: place.owner, slot: place.slot };
      break;
    }
    at = owner;
    const { ours, theirs, base } = owner.identity.places;
    place = (ours ?? theirs ?? base)!;
  }
  return at === start && start.fate === 'alive' ? null : { key: at.identity.key };
}

/** Decides every contest for the favoured side: what it has stays, with all that is inside; what it lacks goes. */
export function decide(
  growing: ReadonlyMap<string, Growing>,
  contests: readonly Contest[],
  said: (identity: Identity) => Entry | undefined,
  favour: Side,
): void {
  const adopt = (each: Growing): void => {
    const entry = said(each.identity);
    const place = each.identity.places[favour];
    if (entry === undefined || place === undefined) each.fate = 'dead';
    else if (each.fate !== 'alive') Object.assign(each, { fate: 'alive', own: entry.own, place });
  };
  const favoured = childrenIn(growing, favour);
  const adoptAll = (key: string): void => {
    for (const child of favoured.get(key) ?? []) {
      adopt(child);
      adoptAll(child.identity.key);
    }
  };
  for (const { key, slot } of contests) {
    if (slot === undefined) adopt(growing.get(key)!);
    adoptAll(key);
  }
  for (const each of growing.values()) if (each.fate === 'contested') adopt(each);
  settleOrphans(growing, said, favour);
}

function childrenIn(growing: ReadonlyMap<string, Growing>, side: Side): Map<string, Growing[]> {
  const children = new Map<string, Growing[]>();
  for (const each of growing.values()) {
    const owner = each.identity.places[side]?.owner;
    if (owner !== undefined) children.set(owner, [...(children.get(owner) ?? []), each]);
  }
  return children;
}

/** Sees to it that everything alive stands in something alive: where the favoured side has it, or nowhere. */
function settleOrphans(
  growing: ReadonlyMap<string, Growing>,
  said: (identity: Identity) => Entry | undefined,
  favour: Side,
): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const each of growing.values()) {
      if (each.fate !== 'alive' || each.place.owner === '') continue;
      const owner = growing.get(each.place.owner)!;
      if (owner.fate === 'alive' && mapOf(owner.own, each.place.slot) !== undefined) continue;
      changed = true;
      const place = each.identity.places[favour];
      if (place === undefined) each.fate = 'dead';
      else if (!samePlace(place, each.place)) each.place = place;
      else restore(owner, each.place.slot, said(owner.identity)!, favour);
    }
  }
}

/** Takes a container, or one of its bodies, from the favoured side. */
function restore(owner: Growing, slot: Slot, entry: Entry, favour: Side): void {
  if (owner.fate === 'alive') owner.own = { ...owner.own, [slot]: entry.own[slot]! };
  else Object.assign(owner, { fate: 'alive', own: entry.own, place: owner.identity.places[favour] });
}

/** The identities, with nothing decided yet. */
export function start(
  identities: Identities,
  said: (identity: Identity) => Three<Entry>,
  own: (identity: Identity, versions: Three<Entry>) => JsonObject,
): Map<string, Growing> {
  return new Map(
    [...identities].map(([key, identity]) => {
      const versions = said(identity);
      const fate = fateOf(identity, versions);
      return [
        key,
        { identity, fate, place: { owner: identity.owner, slot: identity.slot }, own: own(identity, versions) },
      ];
    }),
  );
}
