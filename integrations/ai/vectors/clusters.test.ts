import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf } from './clusters.ts';

const signal = new AbortController().signal;
const auto = { minSize: 3 };

/** Vectors around some directions, without chance: member `n` of direction `k`. */
function around(directions: number, each: number, size = 16): number[][] {
  return Array.from({ length: directions * each }, (_, at) => {
    const [direction, nth] = [at % directions, Math.floor(at / directions)];
    return Array.from({ length: size }, (__, place) => (place === direction ? 1 : 0.1 * Math.sin(nth * 7 + place * 3)));
  });
}
const partition = (clusters: readonly { members: readonly number[] }[]) =>
  clusters.map(({ members }) => members.toSorted((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);

describe('clusters of vectors', () => {
  it('are found without being told how many', async () => {
    for (const directions of [2, 3, 5, 8]) {
      const { clusters, outliers } = await clustersOf(around(directions, 10), auto, signal);
      expect(outliers).toEqual([]);
      const expected = Array.from({ length: directions }, (_, k) =>
        Array.from({ length: 10 }, (__, n) => n * directions + k),
      );
      expect(partition(clusters)).toEqual(expected);
      for (const { cohesion } of clusters) expect(cohesion).toBeGreaterThan(0.9);
    }
  });

  it('leave out what stands alone, the most distant first', async () => {
    const vectors = around(2, 8);
    const alone = Array.from({ length: 16 }, (_, at) => (at === 9 ? 1 : 0));
    const leaning = Array.from({ length: 16 }, (_, at) => (at === 12 ? 1 : at === 0 ? 0.5 : 0));
    const { clusters, outliers } = await clustersOf([...vectors, leaning, alone], auto, signal);
    expect(clusters.map(({ members }) => members.length)).toEqual([8, 8]);
    expect(outliers.map(({ index }) => index)).toEqual([17, 16]);
  });

  it('follow the wish for a number, or for a similarity', async () => {
    const vectors = around(4, 5);
    expect((await clustersOf(vectors, { minSize: 2, groups: 2 }, signal)).clusters).toHaveLength(2);
    expect((await clustersOf(vectors, { minSize: 2, similarity: 0.8 }, signal)).clusters).toHaveLength(4);
    expect((await clustersOf(vectors, { minSize: 2, similarity: 1 }, signal)).outliers).toHaveLength(20);
  });

  it('take few, equal and empty vectors', async () => {
    expect(await clustersOf([], auto, signal)).toEqual({ clusters: [], outliers: [] });
    expect((await clustersOf([[1, 0]], auto, signal)).outliers).toEqual([{ index: 0, distance: 1 }]);
    expect(
      (
        await clustersOf(
          Array.from({ length: 9 }, () => [1, 2]),
          auto,
          signal,
        )
      ).clusters,
    ).toEqual([{ members: [0, 1, 2, 3, 4, 5, 6, 7, 8], cohesion: 1 }]);
    expect(
      (
        await clustersOf(
          Array.from({ length: 4 }, () => [0, 0]),
          auto,
          signal,
        )
      ).clusters.length,
    ).toBeLessThan(2);
  });

  it('are the same each time, and hold each member at most once', async () => {
    const list = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(list, async (vectors) => {
        const found = await clustersOf(vectors, auto, signal);
        expect(await clustersOf(vectors, auto, signal)).toEqual(found);
        const all = [...found.clusters.flatMap(({ members }) => members), ...found.outliers.map(({ index }) => index)];
        expect(all.sort((a, b) => a - b)).toEqual([...vectors.keys()]);
      }),
      { numRuns: 50 },
    );
  });

  it('let the process do other things, and end with their step', async () => {
    const step = new AbortController();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      if (turns === 5) step.abort(new Error('cancelled'));
    }, 1);
    await expect(clustersOf(around(8, 400, 256), auto, step.signal)).rejects.toThrow('cancelled');
    clearInterval(timer);
  });
});
