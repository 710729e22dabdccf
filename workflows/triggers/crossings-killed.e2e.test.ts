/** A price and a balance cross thresholds while everything is killed in turn: one run for each crossing, and no other. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { until } from '../../embedded/process/wait.ts';
import { type KillableBlok, startBlok, type Victim } from '../../examples/testing/start-blok.ts';
import { SYSTEM } from '../../integrations/solana/chain/programs.ts';
import { fakeFeeds, feedsConnection, SOL, TOKEN } from '../../integrations/solana/prices/testing/feeds.ts';
import { type Scene, setScene, somebody } from '../../integrations/solana/testing/scene.ts';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';

/** `BLOK_KILLS=all` kills each server several times; otherwise the seed chooses one, and then all at once. */
const ALL = process.env.BLOK_KILLS === 'all';
const VICTIMS: readonly Victim[] = ['Blok', 'Postgres', 'Temporal', 'all'];

/** `calm` knows a cool-down, in seconds. */
const PLACES = ['price', 'balance', 'calm'] as const;
type PlaceName = (typeof PLACES)[number];
const COOL_DOWN = 60;
/** Seconds by which the times of feeds are rounded, and a look takes. */
const ROUNDED = 3;

/** What an outsider was told by a run. */
interface Told {
  readonly run: string;
  readonly place: PlaceName;
  readonly crossed: 'above' | 'below';
  readonly number: number;
  /** When the price was true by which the watch decided. */
  readonly asOf: string | null;
}

const { int, pick } = randomOf(inject('seed'), 0);

describeWith(['temporal'], 'values that cross thresholds', () => {
  const told: Told[] = [];
  const address = somebody();
  let feeds: Awaited<ReturnType<typeof fakeFeeds>>;
  let scene: Scene;
  let web: Server;
  let blok: KillableBlok;

  beforeAll(async () => {
    [feeds, scene] = await Promise.all([fakeFeeds(), setScene({ providers: 1 })]);
    web = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      told.push(JSON.parse(body) as Told);
      res.end();
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const hosts = [url, feeds.base, scene.providers[0]!.url].map((one) => new URL(one).host);
    blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli, BLOK_ALLOW_HOSTS: hosts.join(',') });
    set(110);
    await publish(url);
  }, 180_000);
  afterAll(async () => {
    await blok?.stop();
    await Promise.all([feeds?.close(), scene?.close()]);
    web?.close();
  });

  async function publish(url: string): Promise<void> {
    const put = async (path: string, body: object) => {
      const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(`${blok.api}${path}`, init);
      expect([response.status, response.ok ? '' : await response.text()]).toEqual([expect.any(Number), '']);
    };
    for (const { name, type, data } of [feedsConnection(feeds.base), scene.rpc()])
      await put(`/api/connections/${name}`, { type, data });
    const crosses = { crosses: 'either', hysteresis: 5, every: '1s' };
    const json = {
      ...{ run: '${{ run.id }}', place: '${{ trigger.id }}', crossed: '${{ input.crossed }}' },
      ...{ number: '${{ input.number }}', asOf: '${{ input.asOf ?? null }}' },
    };
    const graph = {
      ...{ blok: 1, name: 'crossing' },
      triggers: {
        price: { uses: 'solana.price', connection: 'prices', with: { asset: 'SOL', threshold: '100', ...crosses } },
        balance: { uses: 'solana.balance', connection: 'chain', with: { address, threshold: '100', ...crosses } },
        calm: {
          ...{ uses: 'solana.price', connection: 'prices' },
          with: { ...crosses, asset: TOKEN, threshold: '100', crosses: 'below', coolDown: `${COOL_DOWN}s` },
        },
      },
      nodes: { tell: { uses: 'http.request', with: { method: 'POST', url, json } } },
    };
    await put('/api/workflows/crossing', { graph });
  }

  /** Both prices and the balance become this. */
  function set(value: number): void {
    const usd = String(value);
    feeds.state.pyth[SOL.pyth] = { price: `${value}00000000`, conf: '0', expo: -8, age: 2 };
    for (const mint of [SOL.jupiter, TOKEN]) feeds.state.jupiter[mint] = { usdPrice: usd, age: 5 };
    for (const coin of [SOL.coingecko, TOKEN]) feeds.state.coingecko[coin] = { usd, age: 2 };
    const lamports = BigInt(value) * 1_000_000_000n;
    scene.chain.svm.setAccount(address, { lamports, owner: SYSTEM, data: new Uint8Array(), executable: false });
  }

  const asked = (path: string) => feeds.requests.filter((one) => one.path.endsWith(path)).length;
  const looks: Readonly<Record<PlaceName, () => number>> = {
    price: () => asked('/simple/price'),
    calm: () => asked('/token_price/solana'),
    balance: () => scene.providers[0]!.calls.filter((method) => method === 'getBalance').length,
  };

  /** Each watch has looked, and kept what it saw: it looks again only then. The first look may have begun before. */
  async function areSeen(): Promise<void> {
    const before = PLACES.map((place) => looks[place]());
    const haveLooked = () => PLACES.every((place, index) => looks[place]() >= before[index]! + 3);
    expect(await until(haveLooked, { withinMs: 90_000, everyMs: 100 })).toBe(true);
  }

  const numbers = (place: PlaceName, crossed: Told['crossed']) =>
    told.filter((one) => one.place === place && one.crossed === crossed).map(({ number }) => number);

  async function areTold(crossed: Told['crossed'], number: number): Promise<void> {
    const all = () => (['price', 'balance'] as const).every((place) => numbers(place, crossed).includes(number));
    expect(await until(all, { withinMs: 90_000 }), `${crossed} ${number}: ${JSON.stringify(told)}`).toBe(true);
  }

  async function strike(victim: Victim): Promise<void> {
    await setTimeout(int(1_500));
    await blok.kill(victim);
    await blok.heal(victim);
  }

  const victims = ALL ? [...VICTIMS, ...VICTIMS] : [pick(VICTIMS.slice(0, 3)), 'all' as const];
  it(`start one run for each crossing, and none within the hysteresis or the cool-down, although ${victims.join(', ')} were killed`, {
    timeout: victims.length * 240_000 + 240_000,
  }, async () => {
    await areSeen();
    for (const [index, victim] of victims.entries()) {
      const number = index + 1;
      set(97);
      await strike(victim);
      await areTold('below', number);
      // Not far enough back to be told again, whatever is killed.
      set(103);
      await strike(victim);
      await areSeen();
      set(97);
      await areSeen();
      // Far enough back for the other direction.
      set(90);
      await areSeen();
      set(110);
      await areTold('above', number);
      await areSeen();
    }
    // The last crossing is told as soon as the cool-down allows it.
    const before = numbers('calm', 'below').length;
    set(90);
    await areTold('below', victims.length + 1);
    const isTold = () => numbers('calm', 'below').length > before;
    expect(await until(isTold, { withinMs: (COOL_DOWN + 60) * 1_000 })).toBe(true);
    // Whatever would start a second run has had its chance once each watch has looked again.
    await areSeen();

    const counting = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    const runsOf = (place: PlaceName, crossed: Told['crossed']) =>
      new Set(told.filter((one) => one.place === place && one.crossed === crossed).map(({ run }) => run)).size;
    for (const place of ['price', 'balance'] as const) {
      expect([...new Set(numbers(place, 'below'))], place).toEqual(counting(victims.length + 1));
      expect([...new Set(numbers(place, 'above'))], place).toEqual(counting(victims.length));
      expect([runsOf(place, 'below'), runsOf(place, 'above')]).toEqual([victims.length + 1, victims.length]);
    }
    const calm = [...new Set(numbers('calm', 'below'))];
    expect(calm).toEqual(counting(calm.length));
    expect([runsOf('calm', 'below'), runsOf('calm', 'above')]).toEqual([calm.length, 0]);
    const times = calm.map((number) => told.find((one) => one.place === 'calm' && one.number === number)!.asOf!);
    const apart = times.slice(1).map((time, index) => (Date.parse(time) - Date.parse(times[index]!)) / 1_000);
    expect(apart.filter((seconds) => seconds < COOL_DOWN - ROUNDED)).toEqual([]);
  });
});
