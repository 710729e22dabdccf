import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { type FakeWatch, fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { SYSTEM, TOKEN, TOKEN_2022 } from './chain/programs.ts';
import type { TransactionItem } from './listening/item.ts';
import { onTransaction } from './on-transaction.ts';
import { History } from './testing/history/history.ts';
import { type HistoryProvider, startHistoryProvider } from './testing/history/history-provider.ts';
import type { Doing, Landed } from './testing/history/landed.ts';
import { somebody } from './testing/scene.ts';

let history: History;
let provider: HistoryProvider;
beforeEach(async () => {
  history = new History();
  provider = await startHistoryProvider(history);
});
afterEach(() => provider.close());

const [ada, bob, mint] = [somebody(), somebody(), somebody()];
const connection = (urls = [provider.url]) => ({
  ...{ name: 'chain', type: 'solana-rpc', hosts: [] },
  data: { urls, cluster: 'custom' },
});
const watch = (given: object = {}, ctx = fakePollContext({ connection: connection() })) =>
  fakeWatch(onTransaction, { addresses: ada, ...given }, ctx);
const pay = (lamports = 1_000, more: Partial<Doing> = {}) =>
  history.land({ payer: bob, sol: { [bob]: -lamports, [ada]: lamports }, ...more });
const found = async (one: ReturnType<typeof watch>) =>
  (await one.look()).map(({ item }) => onTransaction.item.parse(item) as TransactionItem);
const signatures = async (one: ReturnType<typeof watch>) => (await found(one)).map(({ signature }) => signature);

/** A watch that asks two providers, and one that asks the first of them alone; both have looked once. */
async function watchedBeside() {
  const other = await startHistoryProvider(history);
  const urls = [provider.url, other.url.replace('127.0.0.1', 'localhost')];
  const [together, alone] = [urls, [provider.url]].map((some) =>
    watch({}, fakePollContext({ connection: connection(some) })),
  ) as [FakeWatch, FakeWatch];
  await Promise.all([found(together), found(alone)]);
  return { other, together, alone };
}

describe('solana.transaction', () => {
  it('takes nothing of what is there, and then each transaction once, decoded', async () => {
    for (let count = 0; count < 30; count += 1) pay();
    history.finalize();
    const watching = watch();
    expect(await found(watching)).toEqual([]);
    const paid = pay(2_500_000, { memo: 'invoice 7' });
    expect(await found(watching)).toEqual([]);
    history.finalize();
    const [item] = await found(watching);
    expect(item).toMatchObject({
      ...{ signature: paid.signature, state: 'finalized', address: ada, direction: 'in', others: [] },
      changes: [{ asset: 'SOL', direction: 'in', raw: '2500000', text: '0.0025' }],
      transaction: { status: 'succeeded', memos: ['invoice 7'], feePayer: bob },
    });
    expect(await found(watching)).toEqual([]);
  });

  it('takes everything from the beginning: more than a thousand of one slot, the oldest first', async () => {
    const all = Array.from({ length: 2_300 }, () => pay().signature);
    history.finalize();
    expect(await signatures(watch({ from: 'beginning' }))).toEqual(all);
  });

  it('goes on within a slot, also if the provider does not know where the watch is', async () => {
    const watching = watch();
    await found(watching);
    const first = [pay(), pay(), pay()].map(({ signature }) => signature);
    history.finalize();
    expect(await signatures(watching)).toEqual(first);
    for (const signature of first) provider.faults.unknown.add(signature);
    history.finalize();
    expect(await signatures(watching)).toEqual([]);
    const next = pay().signature;
    history.finalize();
    expect(await signatures(watching)).toEqual([next]);
  });

  it('loses nothing and takes nothing twice when the provider has thrown away where the watch is', async () => {
    const watching = watch();
    await found(watching);
    pay();
    history.finalize();
    await found(watching);
    const next = [pay(), pay()].map(({ signature }) => signature);
    history.finalize();
    provider.faults.prunedBefore = history.find(next[0]!)!.slot;
    expect(await signatures(watching)).toEqual(next);
    expect(await signatures(watching)).toEqual([]);
  });

  it('takes nothing for the beginning of a history that a provider has thrown away', async () => {
    const other = await startHistoryProvider(history);
    const urls = [provider.url, other.url.replace('127.0.0.1', 'localhost')];
    const watching = watch({}, fakePollContext({ connection: connection(urls) }));
    await found(watching);
    const [first, second, third] = [1, 2, 3].map(() => {
      history.advance();
      return pay();
    }) as [Landed, Landed, Landed];
    history.finalize();
    provider.faults.down = true;
    for (const hidesFirst of [false, true]) {
      Object.assign(other.faults, { prunedBefore: second.slot, hidesFirst });
      expect(await failure(watching.look())).toMatchObject({ retryable: true });
    }
    provider.faults.down = false;
    expect(await signatures(watching)).toEqual([first, second, third].map(({ signature }) => signature));
    await other.close();
  });

  it('goes on with what the provider has that remembers most, if all have thrown something away', async () => {
    const { other, together, alone } = await watchedBeside();
    const [, second, third] = [1, 2, 3].map(() => {
      history.advance();
      return pay();
    }) as [Landed, Landed, Landed];
    history.finalize();
    Object.assign(provider.faults, { prunedBefore: third.slot });
    Object.assign(other.faults, { prunedBefore: second.slot });
    expect(await signatures(together)).toEqual([second.signature, third.signature]);
    provider.faults.hidesFirst = true;
    expect(await signatures(alone)).toEqual([third.signature]);
    await other.close();
  });

  it('is not led back or on by a provider that is behind', async () => {
    const other = await startHistoryProvider(history);
    const urls = [provider.url, other.url.replace('127.0.0.1', 'localhost')];
    const watching = watch({}, fakePollContext({ connection: connection(urls) }));
    await found(watching);
    const first = pay().signature;
    history.finalize();
    expect(await signatures(watching)).toEqual([first]);
    const second = pay().signature;
    history.finalize();
    for (const ignoresContext of [false, true]) {
      for (const { faults } of [provider, other]) Object.assign(faults, { lag: 60, ignoresContext });
      expect(await signatures(watching)).toEqual([]);
    }
    other.faults.lag = 0;
    expect(await signatures(watching)).toEqual([second]);
    provider.faults.lag = 0;
    expect(await signatures(watching)).toEqual([]);
    await other.close();
  });

  it('believes no page that does not show where it belongs', async () => {
    const all = Array.from({ length: 1_500 }, () => pay().signature);
    history.finalize();
    const watching = watch({ from: 'beginning' });
    provider.faults.unknown.add(all[501]!);
    expect((await failure(watching.look())).code).toBe('solana.inconsistent');
    provider.faults.unknown.clear();
    expect(await signatures(watching)).toEqual(all);
  });

  it('watches the token accounts of both programs, and those that come later from their first transaction on', async () => {
    const [old, later] = [somebody(), somebody()];
    history.tokenAccounts.push({ account: old, owner: ada, mint, program: TOKEN });
    const watching = watch();
    await found(watching);
    const move = (account: string, change: number, program = TOKEN) =>
      history.land({ payer: bob, tokens: [{ account, owner: ada, mint, program, change }] }).signature;
    const first = move(old, 500_000);
    history.finalize();
    expect((await found(watching)).map(({ signature, changes }) => [signature, changes[0]!.text])).toEqual([
      [first, '0.5'],
    ]);
    // Named by nothing but a later transaction of its owner.
    const hidden = move(later, 1, TOKEN_2022);
    history.advance();
    const shown = history.land({
      ...{ payer: ada, tokens: [{ account: later, owner: ada, mint, program: TOKEN_2022, change: 2 }] },
    }).signature;
    history.finalize();
    expect(await signatures(watching)).toEqual([hidden, shown]);
    history.tokenAccounts.push({ account: later, owner: ada, mint, program: TOKEN_2022 });
    history.advance(2_000);
    const third = move(later, 3, TOKEN_2022);
    history.finalize();
    expect(await signatures(watching)).toEqual([third]);
  });

  it('starts one run for a transaction between two watched addresses', async () => {
    const watching = watch({ addresses: [ada, bob] });
    await found(watching);
    const { signature } = pay();
    history.finalize();
    expect(await found(watching)).toMatchObject([
      { signature, address: ada, direction: 'in', others: [{ address: bob, direction: 'out' }] },
    ]);
  });

  it.each<[string, object, Partial<Doing>, boolean]>([
    ['direction', { direction: 'in' }, {}, true],
    ['the other direction', { direction: 'out' }, {}, false],
    ['asset', { mint: 'SOL' }, {}, true],
    ['another asset', { mint }, {}, false],
    ['an amount that is reached exactly', { mint: 'SOL', least: '0.000001' }, {}, true],
    ['an amount that is just not reached', { mint: 'SOL', least: '0.0000010001' }, {}, false],
    ['program', { program: SYSTEM }, {}, true],
    ['a program that is called from within', { program: TOKEN }, { programs: [SYSTEM, TOKEN] }, true],
    ['another program', { program: TOKEN }, {}, false],
    ['memo', { memo: 'voice 7' }, { memo: 'invoice 7' }, true],
    ['another memo', { memo: 'invoice 8' }, { memo: 'invoice 7' }, false],
    ['pattern', { memoPattern: '^invoice [0-9]+$' }, { memo: 'invoice 7' }, true],
    ['another pattern', { memoPattern: '^[0-9]+$' }, { memo: 'invoice 7' }, false],
    ['no memo', { memo: 'invoice' }, {}, false],
    ['failed ones, left out', {}, { failed: true }, false],
    ['failed ones, included', { failed: 'include' }, { failed: true }, true],
    ['failed ones only', { failed: 'only' }, {}, false],
  ])('filters by %s', async (_, given, doing, fires) => {
    const watching = watch(given);
    await found(watching);
    pay(1_000, doing);
    history.finalize();
    expect(await found(watching)).toHaveLength(fires ? 1 : 0);
  });

  it('says what is wrong with its parameters', async () => {
    const wrong = await failure(watch({ memoPattern: '(a' }).look());
    expect(wrong).toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('Not a regular expression'),
    });
    const refuse = (given: object) =>
      onTransaction.with.safeParse({ addresses: ada, ...given }).error?.issues[0]?.message;
    expect(refuse({ addresses: ['x'] })).toContain('address');
    expect(refuse({ addresses: Array(1_001).fill(ada) })).toBeDefined();
    expect(refuse({ least: '0.5' })).toContain('mint');
  });

  it('lists what cannot be decoded, and goes on behind it', async () => {
    const watching = watch();
    await found(watching);
    const [newer, garbled] = [pay(1, { version: 2 }), pay(1, { garbled: true })];
    const last = pay();
    history.finalize();
    const ctx = fakePollContext({ connection: connection() });
    const polled = await onTransaction.poll(ctx, {
      ...{ with: onTransaction.with.parse({ addresses: ada }), cursor: watching.cursor() as never, from: 'now' },
    });
    expect(polled.items.map(({ key }) => key)).toEqual([last.signature]);
    expect(polled.deadLetters).toMatchObject([
      { key: newer.signature, where: 'slot 1000', reason: expect.stringContaining('version') },
      { key: garbled.signature },
    ]);
  });

  it('says so when all providers are far behind what one of them has said, as if it had named a slot that does not exist', async () => {
    const watching = watch();
    history.advance(20_000);
    await found(watching);
    provider.faults.lag = 9_000;
    expect(await found(watching)).toEqual([]);
    provider.faults.lag = 9_001;
    const failed = await failure(watching.look());
    expect(failed).toMatchObject({ code: 'solana.behind', retryable: true });
    expect(failed.message).toContain('another id');
    provider.faults.lag = 0;
    const { signature } = pay();
    history.finalize();
    expect(await signatures(watching)).toEqual([signature]);
  });

  it('does not take another transaction for the one that was asked for: the next provider shows it, now or later', async () => {
    const { other, together, alone } = await watchedBeside();
    const [paid, strange] = [pay(), history.land({ payer: bob, sol: { [bob]: -7, [mint]: 7 } })];
    provider.faults.mistaken.set(paid.signature, strange.signature);
    history.finalize();
    expect(await signatures(together)).toEqual([paid.signature]);
    expect(await signatures(alone)).toEqual([]);
    provider.faults.mistaken.clear();
    expect(await signatures(alone)).toEqual([paid.signature]);
    await other.close();
  });

  it('waits for a transaction that no provider shows, but not for ever', async () => {
    const watching = watch();
    await found(watching);
    const [hidden, last] = [pay(), pay()];
    provider.faults.hidden.add(hidden.signature);
    history.finalize();
    expect(await signatures(watching)).toEqual([]);
    history.advance(100);
    expect(await signatures(watching)).toEqual([]);
    history.advance(450);
    expect(await signatures(watching)).toEqual([last.signature]);
  });

  it('asks another provider for what the first cannot show', async () => {
    const other = await startHistoryProvider(history);
    const urls = [provider.url, other.url.replace('127.0.0.1', 'localhost')];
    const watching = watch({}, fakePollContext({ connection: connection(urls) }));
    await found(watching);
    const { signature } = pay();
    provider.faults.hidden.add(signature);
    history.finalize();
    expect(await signatures(watching)).toEqual([signature]);
    await other.close();
  });

  it('is led by another provider while the first one serves nobody, or this caller no more', async () => {
    const { other, together } = await watchedBeside();
    for (const http of [401, 403, 404, 500]) {
      provider.faults.http = http;
      const { signature } = pay();
      history.finalize();
      expect(await signatures(together)).toEqual([signature]);
    }
    provider.faults.http = null;
    await other.close();
  });

  it('fires early if it may, and takes back what does not become final', async () => {
    const watching = watch({ commitment: 'confirmed' });
    await found(watching);
    const [stays, goes] = [pay(), pay()];
    history.advance(2);
    expect((await found(watching)).map(({ signature, state }) => [signature, state])).toEqual([
      [stays.signature, 'confirmed'],
      [goes.signature, 'confirmed'],
    ]);
    expect(await found(watching)).toEqual([]);
    history.drop(goes);
    history.finalize();
    expect(await found(watching)).toEqual([]);
    history.advance(400);
    const [polled] = await watching.look();
    expect(polled).toMatchObject({
      key: `${goes.signature}:retracted`,
      item: { signature: goes.signature, state: 'retracted', transaction: null },
    });
    expect(await found(watching)).toEqual([]);
    expect(Object.keys((watching.cursor() as { early?: object }).early ?? {})).toEqual([]);
  });

  it('follows a thousand addresses in batches, at the pace of the connection, each with its share', async () => {
    let turns = 0;
    const turn = async () => {
      turns += 1;
    };
    const rate = { turn, heed: async () => {} };
    const addresses = Array.from({ length: 1_000 }, somebody);
    const ctx = fakePollContext({ connection: connection(), rate });
    const watching = watch({ addresses, tokenAccounts: false }, ctx);
    await found(watching);
    const to = (address: string) => history.land({ payer: bob, sol: { [bob]: -5, [address]: 5 } }).signature;
    const burst = Array.from({ length: 600 }, () => to(addresses[3]!));
    const others = [to(addresses[4]!), to(addresses[999]!)];
    history.finalize();
    const before = { turns, requests: provider.requests(), calls: provider.calls.length };
    const all = await signatures(watching);
    expect(all.filter((one) => burst.includes(one))).toEqual(burst);
    expect(all.filter((one) => others.includes(one))).toHaveLength(2);
    expect(turns - before.turns).toBe(provider.calls.length - before.calls);
    expect(provider.requests() - before.requests).toBeLessThan((provider.calls.length - before.calls) / 2);
    const settled = JSON.stringify(watching.cursor());
    expect(settled.length).toBeLessThan(60_000);
    await found(watching);
    expect(JSON.stringify(watching.cursor())).toBe(settled);
  });

  it('does without batches where the provider takes none, and waits when it is told to', async () => {
    provider.faults.batchStatus = 400;
    const watching = watch();
    await found(watching);
    const { signature } = pay();
    history.finalize();
    provider.faults.http = 429;
    setTimeout(() => Object.assign(provider.faults, { http: null }), 300);
    expect(await signatures(watching)).toEqual([signature]);
  });

  it('refuses another chain than the one it began with', async () => {
    const watching = watch();
    await found(watching);
    Object.assign(history, { genesisHash: somebody() });
    expect((await failure(watching.look())).code).toBe('solana.wrongCluster');
  });
});
