import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../document/canonical.ts';
import type { Graph } from '../document/types.ts';
import { blocking } from '../problems/problem.ts';
import { catalogue } from '../run-state/testing/game.ts';
import { ALL, drawFrom, draws, randomGraph } from '../run-state/testing/random-graphs.ts';
import { validate } from '../validate/validate.ts';
import { mergeGraphs } from './index.ts';
import { bodyOfEach, expectedLeaves, idsOf, leavesOf, wordsOf } from './testing/oracle.ts';
import { randomEdits } from './testing/random-edits.ts';
import type { Conflict, Merged } from './types.ts';

/** Set BLOK_PROPERTY_RUNS for more; BLOK_MERGES=100000 for the long version of what counts most. */
const numRuns = Number(process.env.BLOK_PROPERTY_RUNS ?? 100);
const merges = Number(process.env.BLOK_MERGES ?? 150);
const timeout = 60_000 + (numRuns + merges) * 100;
const context = { catalogue };
const errorsOf = (graph: Graph) => blocking(validate(graph, context));
const isValid = (graph: Graph): boolean => errorsOf(graph).length === 0;

/** Random graphs and what two hands made of them. */
interface Triple {
  readonly base: Graph;
  readonly ours: Graph;
  readonly theirs: Graph;
  /** Whether nodes got other ids or bodies. */
  readonly elsewhere: boolean;
}

interface Hands {
  readonly elsewhere: fc.Arbitrary<boolean>;
  /** All three graphs are valid. */
  readonly valid?: boolean;
}

const triples = ({ elsewhere, valid = false }: Hands): fc.Arbitrary<Triple> =>
  fc.tuple(draws(70), draws(25), draws(25), elsewhere).map(([numbers, left, right, free]) => {
    const random = randomGraph(drawFrom(numbers), { ...ALL, reads: numbers.length % 4 === 0 });
    const base = valid && !isValid(random) ? SMALL : random;
    const side = (name: string, choices: readonly number[]) => {
      const hand = { name, draw: drawFrom(choices), elsewhere: free, ...(valid ? { accept: isValid } : {}) };
      return randomEdits(base, hand, 4).graph;
    };
    return { base, ours: side('ours', left), theirs: side('theirs', right), elsewhere: free };
  });

/** Takes the place of a random graph that is not valid. */
const SMALL: Graph = {
  blok: 1,
  name: 'small',
  nodes: {
    n0: { uses: 't.do' },
    n1: { uses: 'try', needs: ['n0'], nodes: { n2: { uses: 't.do' } }, catch: { nodes: { n3: { uses: 't.do' } } } },
    n4: { uses: 'set', needs: ['n1'], with: { value: '${{ nodes.n0 }}' } },
  },
  output: '${{ nodes.n4 }}',
};

const same = (a: Graph, b: Graph): boolean => canonicalJson(withSortedLinks(a)) === canonicalJson(withSortedLinks(b));

const isClean = ({ conflicts }: Merged): boolean => conflicts.length === 0;

/** A graph in which links have one order, and nothing is drawn anywhere. */
const withSortedLinks = (graph: Graph): unknown =>
  JSON.parse(JSON.stringify(graph), (key, value) =>
    key === 'needs' && Array.isArray(value) ? [...value].sort() : key === 'position' ? undefined : value,
  );

/** Conflicts as they do not depend on the order of links. */
const unordered = (conflicts: readonly Conflict[]): string[] =>
  conflicts.map((conflict) => canonicalJson(conflict).replaceAll(/\/needs\/\d+| Did you mean [^"]*/g, '')).sort();

const mirrored = ({ ours, theirs, ...rest }: Conflict): Conflict => ({
  ...rest,
  ...(theirs === undefined ? {} : { ours: theirs }),
  ...(ours === undefined ? {} : { theirs: ours }),
});

const check = (hands: Hands, property: (triple: Triple) => void, runs = numRuns): void =>
  fc.assert(fc.property(triples(hands), property), { numRuns: runs });

describe('a merge', () => {
  it('loses no change, invents none, and is never called clean if it is not valid', { timeout }, () => {
    const counts = { clean: 0, invalid: 0 };
    check(
      { elsewhere: fc.boolean(), valid: true },
      (triple) => {
        const merged = mergeGraphs(triple, { context });
        if (merged.conflicts.some(({ kind }) => kind === 'invalid')) counts.invalid += 1;
        expect(merged.problems).toEqual([]);
        if (!isClean(merged)) return;
        counts.clean += 1;
        expect(errorsOf(merged.graph)).toEqual([]);
        expectEveryChange(triple, merged.graph);
      },
      merges,
    );
    expect(counts.clean).toBeGreaterThan(merges / 3);
    // About one in thirty.
    if (merges >= 1_000) expect(counts.invalid).toBeGreaterThan(0);
  });

  it('loses no change if the sides are unfinished', { timeout }, () => {
    check({ elsewhere: fc.boolean() }, (triple) => {
      const merged = mergeGraphs(triple);
      if (isClean(merged)) expectEveryChange(triple, merged.graph);
    });
  });

  it('has only errors that it names', { timeout }, () => {
    check({ elsewhere: fc.boolean() }, (triple) => {
      const { graph, conflicts, problems } = mergeGraphs(triple, { context });
      const named = [...problems, ...conflicts.flatMap(({ problem }) => (problem ? [problem] : []))];
      expect(named.map(({ code, path }) => `${code} ${path}`).sort()).toEqual(
        errorsOf(graph)
          .map(({ code, path }) => `${code} ${path}`)
          .sort(),
      );
    });
  });

  it('with a side that changed nothing is the other side, to the letter', { timeout }, () => {
    check({ elsewhere: fc.boolean() }, ({ base, theirs: x }) => {
      for (const graphs of [
        { base, ours: base, theirs: x },
        { base, ours: x, theirs: base },
        { base, ours: x, theirs: x },
      ]) {
        const { graph, conflicts } = mergeGraphs(graphs, { context });
        expect(conflicts).toEqual([]);
        expect(canonicalJson(graph)).toBe(canonicalJson(x));
      }
    });
  });

  it('is the same from both sides, with its conflicts mirrored', { timeout }, () => {
    check({ elsewhere: fc.constant(true) }, ({ base, ours, theirs }) => {
      const one = mergeGraphs({ base, ours, theirs }, { context });
      const other = mergeGraphs({ base, ours: theirs, theirs: ours }, { context, favour: 'theirs' });
      expect(unordered(other.conflicts.map(mirrored))).toEqual(unordered(one.conflicts));
      expect(same(one.graph, other.graph)).toBe(true);
      // Which side is favoured decides nothing but what stands where there is a conflict.
      const favoured = mergeGraphs({ base, ours, theirs }, { favour: 'theirs' });
      const ofFields = ({ conflicts }: Merged) => conflicts.filter(({ kind }) => kind !== 'invalid');
      if (!ofFields(one).some(({ kind }) => kind === 'renamed' || kind === 'moved')) {
        expect(favoured.conflicts).toEqual(ofFields(one));
      }
    });
  });

  it('that was made is not made again: merging a side once more changes nothing', { timeout }, () => {
    check({ elsewhere: fc.constant(false) }, ({ base, ours, theirs }) => {
      const merged = mergeGraphs({ base, ours, theirs });
      if (!isClean(merged)) return;
      for (const side of [ours, theirs]) {
        const again = mergeGraphs({ base, ours: merged.graph, theirs: side });
        expect(again.conflicts).toEqual([]);
        expect(same(again.graph, merged.graph)).toBe(true);
      }
    });
  });
});

/** Compares a clean merge with what its sides say; of renamed and moved nodes, only the words can be compared. */
function expectEveryChange({ base, ours, theirs, elsewhere }: Triple, merged: Graph): void {
  if (!elsewhere) {
    const leaves = leavesOf(merged);
    const expected = [...expectedLeaves(base, ours, theirs)];
    expect(expected.filter(([path, value]) => leaves.get(path) !== value)).toEqual([]);
  }
  const [before, words, ids] = [wordsOf(base), wordsOf(merged), idsOf(merged)];
  const places = bodyOfEach(base);
  for (const [side, other] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    expect([...wordsOf(side)].filter((word) => !before.has(word) && !words.has(word))).toEqual([]);
    // What the other side moved and rewrote may be another node under an old id.
    const stays = (id: string): boolean => bodyOfEach(other).get(id) === places.get(id);
    expect([...idsOf(base)].filter((id) => !idsOf(side).has(id) && ids.has(id) && stays(id))).toEqual([]);
  }
  expectEveryMove({ base, ours, theirs, elsewhere }, merged);
}

/** A node that one side moved stands where that side put it. Where containers have other names, nothing can be said. */
function expectEveryMove({ base, ours, theirs }: Triple, merged: Graph): void {
  const [before, after] = [bodyOfEach(base), bodyOfEach(merged)];
  for (const side of [bodyOfEach(ours), bodyOfEach(theirs)]) {
    for (const [id, place] of before) {
      const [put, now] = [side.get(id), after.get(id)];
      const isKnown = (at: string, bodies: Bodies): boolean => at.startsWith(' ') || bodies.has(at.split(' ')[0]!);
      if (!place || !put || !now || put === place) continue;
      if (isKnown(place, side) && isKnown(put, after)) expect([id, now]).toEqual([id, put]);
    }
  }
}

type Bodies = ReturnType<typeof bodyOfEach>;
