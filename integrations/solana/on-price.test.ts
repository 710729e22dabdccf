import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { refuse } from '../testing/fake-provider/faults.ts';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { onPrice } from './on-price.ts';
import { fakeFeeds, feedsConnection, ROUTES, SOL } from './prices/testing/feeds.ts';

const feeds = await fakeFeeds();
beforeEach(() => {
  feeds.reset();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());
afterAll(() => feeds.close());

const watch = (given: object = {}) =>
  fakeWatch(
    onPrice,
    { asset: 'SOL', threshold: '100', crosses: 'below', ...given },
    fakePollContext({ connection: feedsConnection(feeds.base) }),
  );

/** All feeds say the same, in cents. */
function cost(cents: number, conf = 0): void {
  feeds.state.pyth[SOL.pyth] = { price: String(cents), conf: String(conf), expo: -2, age: 1 };
  feeds.state.jupiter[SOL.jupiter] = { usdPrice: (cents / 100).toFixed(2), age: 1 };
  feeds.state.coingecko.solana = { usd: (cents / 100).toFixed(2), age: 1 };
}

describe('solana.price', () => {
  it('starts no run for the side that it finds, and one with the agreed price for each crossing', async () => {
    const price = watch();
    cost(9_000);
    expect(await price.look()).toEqual([]);
    cost(11_000);
    expect(await price.look()).toEqual([]);
    cost(9_950);
    const [found, ...others] = await price.look();
    expect(others).toEqual([]);
    expect(onPrice.item.parse(found!.item)).toMatchObject({
      ...{ asset: 'SOL', crossed: 'below', threshold: '100', number: 1, usd: '99.5', refused: [] },
      feeds: [{}, {}, {}],
    });
    expect(await price.look()).toEqual([]);
  });

  it('shows stale feeds as an error, and keeps the side that it knew', async () => {
    const price = watch();
    cost(11_000);
    await price.look();
    cost(9_000);
    feeds.state.pyth[SOL.pyth]!.age = feeds.state.coingecko.solana!.age = 900;
    expect(await failure(price.look())).toMatchObject({ code: 'price.stale' });
    cost(11_000);
    expect(await price.look()).toEqual([]);
    cost(9_000);
    expect(await price.look()).toHaveLength(1);
  });

  it('starts nothing while a feed is so unsure that the price may be on either side', async () => {
    const price = watch();
    cost(11_000);
    await price.look();
    cost(9_960, 80);
    expect(await price.look()).toEqual([]);
    cost(9_960, 30);
    expect(await price.look()).toHaveLength(1);
  });

  it('starts no other run within the cool-down', async () => {
    const price = watch({ crosses: 'either', coolDown: '1h' });
    const begin = Date.now();
    const at = async (minutes: number, cents: number) => {
      vi.setSystemTime(begin + minutes * 60_000);
      cost(cents);
      return (await price.look()).map(({ item }) => (item as { crossed: string }).crossed);
    };
    expect(await at(0, 11_000)).toEqual([]);
    expect(await at(1, 9_000)).toEqual(['below']);
    expect(await at(2, 11_000)).toEqual(['above']);
    expect(await at(3, 9_000)).toEqual([]);
    expect(await at(4, 11_000)).toEqual([]);
    expect(await at(62, 9_000)).toEqual(['below']);
  });

  it('tells each crossing of a random walk once, although feeds fail and lag in between', async () => {
    const { int, pick } = randomOf(20_261_127, 0);
    const price = watch({ hysteresis: 2, crosses: 'above' });
    let [cents, isArmed, crossings] = [9_500, true, 0];
    cost(cents);
    await price.look();
    const keys = new Set<string>();
    for (let step = 0; step < 150; step += 1) {
      cents = Math.max(9_500, Math.min(10_500, cents + int(1_000) - 500));
      cost(cents);
      const isBlind = pick([true, false, false]);
      if (isBlind) {
        const [blind, liar] = pick([
          ['pyth', 'jupiter'],
          ['coingecko', 'pyth'],
        ] as const);
        feeds.fail(ROUTES[blind], refuse(503));
        feeds.fail(ROUTES[liar], refuse(429));
        expect((await failure(price.look())).code).toMatch(/^price\./);
        continue;
      }
      const found = await price.look();
      if (cents <= 9_800) isArmed = true;
      const isDue = isArmed && cents > 10_000;
      expect(found.map(({ item }) => (item as { number: number }).number)).toEqual(isDue ? [crossings + 1] : []);
      if (isDue) [isArmed, crossings] = [false, crossings + 1];
      for (const { key } of found) keys.add(key);
    }
    expect(keys.size).toBe(crossings);
    expect(crossings).toBeGreaterThan(5);
  });
});
