import { beforeAll, describe, expect, it } from 'vitest';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from './record-run.ts';
import { itemCounts, placeCounts, stepPage } from './step-pages.ts';

const store = useDatabase();
const ITEMS = 1_200;

beforeAll(async () => {
  const items = Array.from({ length: ITEMS }, (_, n) => [
    stepRecord({ path: `each[${n}].charge`, node: 'charge', status: n % 100 === 7 ? 'failed' : 'succeeded' }),
    stepRecord({ path: `each[${n}].inner[0].x`, node: 'x' }),
  ]).flat();
  const steps = [...items, stepRecord({ path: 'each', node: 'each' }), stepRecord({ path: 'eachOther' })];
  // Items of another loop that are far from each other.
  const sparse = [3, 40, 900_000].map((n) => stepRecord({ path: `far[${n}].a` }));
  await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'r1', historyLength: 3, steps: [...steps, ...sparse] })));
});

describe('stepPage', () => {
  const walk = async (filter: { under?: string; status?: 'failed' }) => {
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.inside((tx) => stepPage(tx, { runId: 'r1', ...filter, after, limit: 100 }));
      seen.push(...page.map(({ path }) => path));
      if (page.length < 100) return seen;
      after = page.at(-1)!.path;
    }
  };

  it('goes through all steps once', async () => {
    const all = await walk({});
    expect(all).toHaveLength(2 * ITEMS + 5);
    expect(new Set(all).size).toBe(all.length);
  });

  it('lists what is below a container or an item, and nothing that only begins alike', async () => {
    expect(await walk({ under: 'each' })).toHaveLength(2 * ITEMS);
    expect(await walk({ under: 'each[1]' })).toEqual(['each[1].charge', 'each[1].inner[0].x']);
    expect(await walk({ under: 'each[1].inner' })).toEqual(['each[1].inner[0].x']);
    expect(await walk({ under: 'eac' })).toEqual([]);
  });

  it('lists steps of one status', async () => {
    expect(await walk({ under: 'each', status: 'failed' })).toHaveLength(ITEMS / 100);
  });
});

describe('placeCounts', () => {
  it('counts the steps of each node of the graph, whatever items they belong to', async () => {
    const counts = await store.inside((tx) => placeCounts(tx, { runId: 'r1', except: ['each[7].charge'] }));
    const of = (place: string) =>
      counts.filter((one) => one.place === place).map(({ status, count }) => [status, count]);
    expect(of('each.charge')).toEqual([
      ['failed', ITEMS / 100 - 1],
      ['succeeded', ITEMS - ITEMS / 100],
    ]);
    expect(of('each.inner.x')).toEqual([['succeeded', ITEMS]]);
    expect(of('each')).toEqual([['succeeded', 1]]);
  });
});

describe('itemCounts', () => {
  const items = (loop: string, from: number, limit: number, except: string[] = []) =>
    store.inside((tx) => itemCounts(tx, { runId: 'r1', loop, from, limit, except }));

  it('counts the steps of items in the order of their numbers', async () => {
    expect((await items('each', 6, 2)).map(({ index, status, count }) => [index, status, count])).toEqual([
      [6, 'succeeded', 2],
      [7, 'failed', 1],
      [7, 'succeeded', 1],
    ]);
    expect(await items('each', 7, 1, ['each[7].charge'])).toMatchObject([{ index: 7, status: 'succeeded', count: 1 }]);
    expect(await items('each', ITEMS, 10)).toEqual([]);
  });

  it('finds items that are far from each other', async () => {
    expect((await items('far', 0, 10)).map(({ index }) => index)).toEqual([3, 40, 900_000]);
    expect((await items('far', 4, 1)).map(({ index }) => index)).toEqual([40]);
  });
});
