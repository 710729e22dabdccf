/** What counts against limits: amounts in USD by prices, and what a payment would pass before it begins. */
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../testing/tenants.ts';
import {
  type BeginPayment,
  beginPayment,
  type LimitInput,
  settlePayment,
  stopWallet,
  walletLedger,
  walletTotals,
  whyNoPayment,
} from './index.ts';
import { beginning, newWallet } from './testing/beginning.ts';

const store = useDatabase();
const begin = (input: BeginPayment) => store.inside((tx) => beginPayment(tx, input));
const totals = (address: string) => store.inside((tx) => walletTotals(tx, { address }));
const ledger = (address: string) => store.inside((tx) => walletLedger(tx, { address, limit: 10 }));

describe('a price', () => {
  /** A SOL, and what it is worth by a price. */
  const worth = (amount: bigint, freshInMs = 60_000) => {
    const price = {
      ...{ high: '150.2', decimals: 9 },
      freshUntil: new Date(Date.now() + freshInMs).toISOString(),
      agreed: { usd: '150.1', feeds: [{ feed: 'pyth', usd: '150.1' }] },
    };
    return [
      { asset: 'SOL', amount: 1n, price },
      { asset: 'usd', amount },
    ];
  };
  const usdPerDay: LimitInput = { asset: 'usd', within: 'day', most: 100n };

  it('is kept with what it counts, read with it, and shown in the ledger', async () => {
    const reserve = worth(40n);
    const input = beginning(newWallet(), { reserve, limits: [usdPerDay] });
    const opened = await begin(input);
    expect(opened.reserved).toEqual(expect.arrayContaining(reserve));
    const paid = { id: input.terms.id, state: 'paid' as const, proof: null, spent: [...opened.reserved] };
    await store.inside((tx) => settlePayment(tx, paid));
    expect(await totals(input.terms.wallet)).toContainEqual(
      expect.objectContaining({ asset: 'usd', held: 0n, spent: 40n }),
    );
    const [entry] = await ledger(input.terms.wallet);
    expect(entry!.worth).toEqual({ usd: 40n, prices: [{ asset: 'SOL', amount: 1n, ...reserve[0]!.price }] });
    const other = beginning(newWallet());
    await begin(other);
    expect((await ledger(other.terms.wallet))[0]!.worth).toBeNull();
  });

  it('that is not fresh any more when its turn has come begins nothing', async () => {
    const wallet = newWallet();
    const stale = begin(beginning(wallet, { reserve: worth(1n, -1), limits: [usdPerDay] }));
    await expect(stale).rejects.toMatchObject({ code: 'payment.stalePrice' });
    expect(await totals(wallet)).toEqual([]);
  });

  it('makes limits that hold to the last unit, however many begin at once', async () => {
    const wallet = newWallet();
    const some = Array.from({ length: 12 }, () =>
      begin(beginning(wallet, { reserve: worth(15n), limits: [usdPerDay] })),
    );
    const begun = (await Promise.allSettled(some)).filter(({ status }) => status === 'fulfilled');
    expect(begun).toHaveLength(6);
    expect(await totals(wallet)).toContainEqual(expect.objectContaining({ asset: 'usd', held: 90n }));
  });
});

it('says which limit a payment would pass, with what is held, spent and claimed, and writes nothing', async () => {
  const wallet = newWallet();
  const why = (within: LimitInput['within'], most: bigint, claims: { recipient: string; amount: bigint }[] = []) => {
    const input = beginning(wallet, { limits: [{ asset: 'SOL', within, most }] });
    const asked = { ...input, claims: claims.map((one) => ({ asset: 'SOL', ...one })) };
    return store.inside((tx) => whyNoPayment(tx, asked));
  };
  await begin(beginning(wallet));
  await begin(beginning(wallet, { recipient: 'bob', runId: 'r2' }));
  expect(await why('day', 30n)).toBeNull();
  expect(await why('day', 29n)).toMatchObject({
    code: 'payment.limit',
    message: expect.stringContaining('in 24 hours'),
  });
  expect(await why('run', 20n)).toBeNull();
  expect(await why('run', 20n, [{ recipient: 'bob', amount: 1n }])).toMatchObject({
    message: expect.stringContaining('10 are spent or held, and 1 would be taken before'),
  });
  expect(await why('recipient', 20n, [{ recipient: 'bob', amount: 99n }])).toBeNull();
  expect(await why('recipient', 20n, [{ recipient: 'ada', amount: 1n }])).toMatchObject({ code: 'payment.limit' });
  expect(await totals(wallet)).toContainEqual(expect.objectContaining({ asset: 'SOL', held: 20n }));
  await store.inside((tx) => stopWallet(tx, { address: wallet, stopped: true, because: 'odd' }));
  expect(await why('day', 99n)).toMatchObject({ code: 'payment.stopped', message: expect.stringContaining('odd') });
});
