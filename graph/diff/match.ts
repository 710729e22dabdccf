import { splitUses } from '../document/names.ts';
import { bySlot, type Entry, type Parts, SLOTS, type Slot, slotKey } from './entries.ts';
import { describe, likeness, neededIn } from './likeness.ts';

/** The same nodes and triggers in two graphs: JSON Pointers in the first graph, and in the second. */
export type Matches = ReadonlyMap<string, string>;

/** How alike two entries must be to be one that was renamed, or moved under its old id; 1 is equal. */
const RENAMED = 0.6;
const MOVED = 0.5;

/** Most pairs of one body whose likeness is computed; above it, only equal ones are found. */
const MOST_PAIRS = 2_500;

interface Matching {
  readonly before: Parts;
  readonly after: Parts;
  readonly inBefore: ReadonlyMap<string, readonly Entry[]>;
  readonly inAfter: ReadonlyMap<string, readonly Entry[]>;
  /** Entries of the first graph that only their own place and id may match. */
  readonly fixed: ReadonlySet<string>;
  readonly to: Map<string, string>;
  readonly from: Map<string, string>;
}

/**
 * Finds the nodes and triggers that are in both graphs. An id is an identity: whatever has the same id in the same body
 * is the same node. Among the rest, a node that appears elsewhere under its old id was moved, and a node that
 * disappeared while one like it appeared in the same body was renamed, if only one comes into question.
 */
export function matchEntries(before: Parts, after: Parts, fixed: ReadonlySet<string> = new Set()): Matches {
  const matching: Matching = {
    before,
    after,
    inBefore: bySlot(before),
    inAfter: bySlot(after),
    fixed,
    to: new Map(),
    from: new Map(),
  };
  matchById(matching, '', '');
  // Each kind of match may uncover others inside of what it matched.
  let found = true;
  while (found) found = matchMoved(matching) || matchRenamed(matching);
  return matching.to;
}

function pair({ to, from }: Matching, before: string, after: string): void {
  to.set(before, after);
  from.set(after, before);
}

/** Pairs what has the same id, in these two owners and inside of what is paired. */
function matchById(matching: Matching, before: string, after: string): void {
  for (const slot of SLOTS) {
    const there = new Map((matching.inAfter.get(slotKey(after, slot)) ?? []).map((entry) => [entry.id, entry]));
    for (const entry of matching.inBefore.get(slotKey(before, slot)) ?? []) {
      const same = there.get(entry.id);
      if (same === undefined || matching.to.has(entry.path) || matching.from.has(same.path)) continue;
      pair(matching, entry.path, same.path);
      matchById(matching, entry.path, same.path);
    }
  }
}

const leftBefore = ({ before, to, fixed }: Matching): Entry[] =>
  [...before.entries.values()].filter(({ path }) => !to.has(path) && !fixed.has(path));
const leftAfter = ({ after, from }: Matching): Entry[] =>
  [...after.entries.values()].filter(({ path }) => !from.has(path));

/** Pairs nodes that stand in another body under their old id; false if there is none. */
function matchMoved(matching: Matching): boolean {
  const [gone, come] = [onlyOnes(leftBefore(matching)), onlyOnes(leftAfter(matching))];
  const strangers = strangersOf(matching);
  let found = false;
  for (const [id, entry] of gone) {
    const other = come.get(id);
    if (!other || !entry || !isSameType(entry, other)) continue;
    if (matching.to.has(entry.path) || matching.from.has(other.path)) continue;
    // A node that moves leaves its links behind.
    const said = [entry, other].map((each) => describe(each, strangers).filter((one) => !one.startsWith('needs ')));
    if (likeness(said[0]!, said[1]!) < MOVED) continue;
    pair(matching, entry.path, other.path);
    matchById(matching, entry.path, other.path);
    found = true;
  }
  return found;
}

/** Nodes by id; null for an id that several of them have. */
function onlyOnes(entries: readonly Entry[]): Map<string, Entry | null> {
  const found = new Map<string, Entry | null>();
  for (const entry of entries) {
    if (entry.slot !== 'triggers') found.set(entry.id, found.has(entry.id) ? null : entry);
  }
  return found;
}

/** Pairs entries that were renamed within a body; false if there is none. */
function matchRenamed(matching: Matching): boolean {
  const owners = [['', ''] as const, ...matching.to];
  const strangers = strangersOf(matching);
  let found = false;
  for (const [before, after] of owners) {
    for (const slot of SLOTS) {
      for (const [entry, other] of renamedIn(matching, [before, after], slot, strangers)) {
        pair(matching, entry.path, other.path);
        matchById(matching, entry.path, other.path);
        found = true;
      }
    }
  }
  return found;
}

function renamedIn(
  matching: Matching,
  [before, after]: readonly [string, string],
  slot: Slot,
  strangers: ReadonlySet<string>,
): (readonly [Entry, Entry])[] {
  const bodyBefore = matching.inBefore.get(slotKey(before, slot)) ?? [];
  const bodyAfter = matching.inAfter.get(slotKey(after, slot)) ?? [];
  const gone = bodyBefore.filter(({ path }) => !matching.to.has(path) && !matching.fixed.has(path));
  // An id that was there before is no new name.
  const taken = new Set(bodyBefore.map(({ id }) => id));
  const come = bodyAfter.filter(({ path, id }) => !matching.from.has(path) && !taken.has(id));
  if (gone.length === 0 || come.length === 0) return [];
  const [left, right] = [
    described(matching.inBefore, before, gone, strangers),
    described(matching.inAfter, after, come, strangers),
  ];
  return mutualBest(gone.length * come.length <= MOST_PAIRS ? alike(left, right) : equal(left, right));
}

interface Described {
  readonly entry: Entry;
  readonly said: readonly string[];
}

function described(
  bodies: Matching['inBefore'],
  owner: string,
  entries: readonly Entry[],
  strangers: ReadonlySet<string>,
): Described[] {
  // What needs a trigger is a node.
  const slot = entries[0]!.slot === 'triggers' ? 'nodes' : entries[0]!.slot;
  const needed = neededIn(bodies.get(slotKey(owner, slot)) ?? [], strangers);
  return entries.map((entry) => ({ entry, said: describe(entry, strangers, needed.get(entry.id)) }));
}

/** The pairs that are alike. */
function alike(left: readonly Described[], right: readonly Described[]): Scored[] {
  return left.flatMap(({ entry, said }) =>
    right.flatMap(({ entry: other, said: otherSaid }) => {
      const score = isSameType(entry, other) ? likeness(said, otherSaid) : 0;
      return score >= RENAMED ? [{ entry, other, score }] : [];
    }),
  );
}

/** The pairs of which both say the same; of more than two that do, none. */
function equal(left: readonly Described[], right: readonly Described[]): Scored[] {
  const onlyOne = (all: readonly Described[]): Map<string, Entry | null> => {
    const found = new Map<string, Entry | null>();
    for (const { entry, said } of all) found.set(said.join('\n'), found.has(said.join('\n')) ? null : entry);
    return found;
  };
  const others = onlyOne(right);
  return [...onlyOne(left)].flatMap(([said, entry]) => {
    const other = others.get(said);
    return entry && other && isSameType(entry, other) ? [{ entry, other, score: 1 }] : [];
  });
}

interface Scored {
  readonly entry: Entry;
  readonly other: Entry;
  readonly score: number;
}

/** The pairs of which neither side has another pair that is as good. */
function mutualBest(scored: readonly Scored[]): (readonly [Entry, Entry])[] {
  const best = new Map<string, { score: number; count: number }>();
  const note = (key: string, score: number): void => {
    const known = best.get(key);
    if (known === undefined || score > known.score) best.set(key, { score, count: 1 });
    else if (score === known.score) known.count += 1;
  };
  for (const { entry, other, score } of scored) {
    note(`<${entry.path}`, score);
    note(`>${other.path}`, score);
  }
  const isBest = (key: string, score: number): boolean => best.get(key)?.score === score && best.get(key)?.count === 1;
  return scored
    .filter(({ entry, other, score }) => isBest(`<${entry.path}`, score) && isBest(`>${other.path}`, score))
    .map(({ entry, other }) => [entry, other]);
}

/** Ids that only one of the graphs knows, or knows elsewhere: what is said about them cannot be compared. */
const strangersOf = (matching: Matching): ReadonlySet<string> =>
  new Set([...leftBefore(matching), ...leftAfter(matching)].map(({ id }) => id));

const isSameType = (a: Entry, b: Entry): boolean =>
  (a.slot === 'triggers') === (b.slot === 'triggers') && typeOf(a) === typeOf(b);
const typeOf = ({ own }: Entry): string => splitUses(String(own.uses)).type;
