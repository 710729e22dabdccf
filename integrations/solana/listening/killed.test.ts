/** A watch over a long history, which is killed at any point: each transaction that fits fires once, in order. */
import { afterEach, expect, inject, it } from 'vitest';
import type { Json } from '../../../graph/json.ts';
import { type Random, randomOf } from '../../../scripts/fuzz/random.ts';
import type { Polled } from '../../define-trigger.ts';
import { fakePollContext } from '../../testing/run-poll.ts';
import { withOf } from '../../watch-parameters.ts';
import { onTransaction } from '../on-transaction.ts';
import { History } from '../testing/history/history.ts';
import { type HistoryProvider, startHistoryProvider } from '../testing/history/history-provider.ts';
import { type Cast, cast, type Written, writeScript } from '../testing/history/script.ts';

/** `BLOK_SCALE=all` writes ten thousand transactions. */
const COUNT = process.env.BLOK_SCALE === 'all' ? 10_000 : 700;

const open: HistoryProvider[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
});

/** What a watch has come to. */
interface Outcome {
  /** Keys in the order in which their runs began. */
  readonly started: string[];
  readonly letters: Set<string>;
  /** Polls that died, and results that were lost. */
  readonly kills: number;
}

/** Two providers, which fail now and then if `chaos` is given. */
async function providers(history: History, chaos: { random: Random | null }): Promise<HistoryProvider[]> {
  const die = () => {
    if (chaos.random?.once(40)) throw new Error('killed');
  };
  open.push(await startHistoryProvider(history, die), await startHistoryProvider(history, die));
  return open.slice(-2);
}

/** Changes what is wrong with the providers. One of them is as it should be, more or less. */
function disturb(both: readonly HistoryProvider[], random: Random, history: History): void {
  const [first, second] = random.once(2) ? [both[0]!, both[1]!] : [both[1]!, both[0]!];
  Object.assign(first.faults, { lag: 0, prunedBefore: 0, batchStatus: random.pick([null, null, 400]) });
  Object.assign(first.faults, { pageLimit: random.pick([1_000, 1_000, 37]), down: random.once(5) });
  first.faults.http = random.pick([null, null, null, 403]);
  Object.assign(second.faults, {
    ...{ down: false, http: null },
    lag: random.int(80),
    ignoresContext: random.once(3),
    prunedBefore: random.once(3) ? history.tip - random.int(60) : 0,
  });
}

/** Watches as the workflow does, while the chain goes on and everything is killed. */
async function watchThrough(history: History, parts: Cast, random: Random): Promise<Outcome & { written: Written[] }> {
  const chaos: { random: Random | null } = { random: null };
  const both = await providers(history, chaos);
  const connection = {
    ...{ name: 'chain', type: 'solana-rpc', hosts: [] },
    data: {
      urls: both.map(({ url }) => url.replace('127.0.0.1', url === both[0]!.url ? 'localhost' : '127.0.0.1')),
      cluster: 'custom',
    },
  };
  const ctx = fakePollContext({ connection });
  const { from, ...parameters } = withOf(onTransaction as never).parse({
    ...{ addresses: parts.watched, direction: 'in' },
  }) as { from: 'now' };
  const poll = (cursor: Json | null): Promise<Polled> =>
    onTransaction.poll(ctx, { with: parameters as never, cursor, from }) as Promise<Polled>;
  const started: string[] = [];
  const letters = new Set<string>();
  let kills = 0;
  const begin = (key: string) => void (started.includes(key) || started.push(key));

  let cursor = JSON.parse(JSON.stringify((await poll(null)).cursor)) as Json;
  let older = cursor;
  chaos.random = random;
  const written: Written[] = [];
  const most = 40 + Math.ceil(COUNT / 20);
  for (let round = 0; ; round += 1) {
    const isWriting = written.reduce((sum, one) => sum + one.count, 0) < COUNT;
    if (isWriting && random.once(2)) {
      written.push(writeScript(history, parts, { count: 1 + random.int(COUNT / 4), random }));
      history.advance(random.int(50));
      disturb(both, random, history);
    }
    if (!isWriting) {
      history.finalize();
      for (const { faults } of both) Object.assign(faults, { down: false, http: null });
    }
    const polled = await poll(random.once(12) ? older : cursor).catch(() => null);
    if (polled === null || random.once(10)) {
      kills += 1;
      if (polled && random.once(2)) for (const { key } of polled.items.slice(0, random.int(20))) begin(key);
      continue;
    }
    for (const { key } of polled.items) begin(key);
    for (const { key } of polled.deadLetters ?? []) letters.add(key);
    older = random.once(3) ? cursor : older;
    cursor = JSON.parse(JSON.stringify(polled.cursor)) as Json;
    if (!isWriting && polled.items.length === 0 && polled.more !== true) {
      if (round > most || chaos.random === null) return { started, letters, kills, written };
      // What comes last is seen without disturbance.
      chaos.random = null;
      for (const { faults } of both) Object.assign(faults, { lag: 0, prunedBefore: 0, ignoresContext: false });
    }
  }
}

it.each([0, 1])(
  'fires once and in order for each of many transactions, whatever is killed (%i)',
  { timeout: 600_000 },
  async (slice) => {
    const random = randomOf(inject('seed'), slice);
    const history = new History();
    const parts = cast(history);
    writeScript(history, parts, { count: 50, random });
    history.finalize();
    const { started, letters, kills, written } = await watchThrough(history, parts, random);
    expect(kills).toBeGreaterThan(0);
    expect(started).toEqual(written.flatMap(({ fitting }) => fitting));
    expect([...letters].sort()).toEqual(written.flatMap(({ unread }) => unread).sort());
  },
);
