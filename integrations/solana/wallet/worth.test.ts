import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Share, Taken } from '../../payments.ts';
import { refuse } from '../../testing/fake-provider/faults.ts';
import { failure, fakeContext } from '../../testing/run-node.ts';
import { policy } from '../policy.ts';
import { agreedPrice } from '../prices/agreed-price.ts';
import { openFeeds } from '../prices/open.ts';
import { fakeFeeds, feedsConnection, ROUTES, SOL, TOKEN } from '../prices/testing/feeds.ts';
import { type PriceSource, refuseUnworthy, valued } from './worth.ts';

const feeds = await fakeFeeds();
beforeEach(() => feeds.reset());
afterAll(() => feeds.close());

const { signal, fetch, excerpt } = fakeContext();
const caller = { signal, fetch, excerpt, turn: () => Promise.resolve() };
const source: PriceSource = (wish) =>
  agreedPrice({ feeds: openFeeds(caller, feedsConnection(feeds.base)), signal, now: Date.now }, wish);

const sol = { asset: 'SOL', amount: 1_000_000_000n, decimals: 9 };
const token = { asset: TOKEN, amount: 3_000_000n, decimals: 6 };
const allowing = (usd: object | null = { perTransaction: '200', perDay: '1000' }) =>
  policy.parse({
    assets: [{ asset: 'SOL', perTransaction: '5', perDay: '9' }],
    recipients: 'any',
    ...(usd && { usd }),
  });
const value = (taken: readonly Taken[], given = allowing(), asked: PriceSource | null = source) =>
  valued(asked, { policy: given, connection: 'payer' }, taken);
const usdOf = async (...given: Parameters<typeof value>) =>
  (await value(...given)).find(({ asset }) => asset === 'usd')?.amount;

describe('what a payment is worth', () => {
  it('is counted at the upper end of the agreed price, rounded up, and says by which price', async () => {
    expect(await usdOf([{ ...sol, amount: 1n }])).toBe(1n);
    expect(await value([sol])).toEqual([
      {
        ...{ asset: 'SOL', amount: 1_000_000_000n },
        price: {
          // Pyth says 150.12345678 ± 0.075, CoinGecko 150.2.
          ...{ high: '150.2', decimals: 9, freshUntil: expect.any(String) },
          agreed: expect.objectContaining({ usd: '150.12345678', low: '150.04845678' }),
        },
      },
      { asset: 'usd', amount: 150_200_000n },
    ]);
    feeds.state.pyth[SOL.pyth]!.conf = '100000000';
    expect(await usdOf([sol])).toBe(151_123_457n);
  });

  it('is the sum of all that is taken, each by its own price; what takes nothing is worth nothing', async () => {
    // Three tokens at 0.0000231.
    expect(await usdOf([sol, token])).toBe(150_200_000n + 70n);
    expect(await value([])).toEqual([]);
  });

  it('is not asked for without limits in USD', async () => {
    expect(await value([sol], allowing(null), null)).toEqual([{ asset: 'SOL', amount: 1_000_000_000n }]);
    expect(feeds.requests).toEqual([]);
  });

  it('is refused above the limit of one payment', async () => {
    const most = (perTransaction: string) => allowing({ perTransaction, perDay: '1000' });
    expect(await failure(value([sol], most('150.199999')))).toMatchObject({ code: 'solana.policy', retryable: false });
    expect(await usdOf([sol], most('150.2'))).toBe(150_200_000n);
    expect(await failure(value([sol, token], most('150.2')))).toMatchObject({ code: 'solana.policy' });
  });

  it('needs feeds that agree: without them nothing is paid, and the code says why', async () => {
    expect(await failure(value([sol], allowing(), null))).toMatchObject({ code: 'solana.noPrice', retryable: false });
    for (const route of [ROUTES.pyth, ROUTES.jupiter]) feeds.always(route, refuse(429, {}, { 'retry-after': '9' }));
    expect(await failure(value([sol]))).toMatchObject({
      ...{ code: 'solana.noPrice', retryable: true, retryAfterMs: 9_000 },
      details: { code: 'price.limited' },
    });
    const unknown = { ...token, asset: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' };
    feeds.reset();
    expect(await failure(value([sol, unknown]))).toMatchObject({
      ...{ code: 'solana.noPrice', retryable: false, message: expect.stringContaining(`a price of ${unknown.asset}`) },
      details: { code: 'price.missing', asset: unknown.asset },
    });
  });
});

describe('where the key is', () => {
  const told = (terms: Parameters<typeof refuseUnworthy>[1], reserved: readonly Share[], given = allowing()) => {
    try {
      refuseUnworthy(given, terms, [...reserved, { asset: 'cost', amount: 5_000n }]);
      return 'signed';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('nothing is signed unless what is set aside is what the payment is worth by the prices in the ledger', async () => {
    const [paid, worth] = (await value([sol])) as [Share, Share];
    const price = paid.price!;
    expect(told(sol, [paid, worth])).toBe('signed');
    expect(told(sol, [paid])).toBe('solana.policy');
    expect(told(sol, [{ ...paid, price: undefined }, worth])).toBe('solana.policy');
    expect(told(sol, [paid, { ...worth, amount: 150_199_999n }])).toBe('solana.policy');
    expect(told(sol, [{ ...paid, price: { ...price, high: '15.02' } }, worth])).toBe('solana.policy');
    const shifted = { ...price, decimals: 12 };
    expect(
      told(sol, [
        { ...paid, price: shifted },
        { ...worth, amount: 150_200n },
      ]),
    ).toBe('solana.policy');
    expect(told(sol, [paid, worth], allowing({ perTransaction: '150', perDay: '1000' }))).toBe('solana.policy');
    expect(told(sol, [], allowing(null))).toBe('signed');
  });

  it('all that a call may take is counted, and one that takes nothing is signed', async () => {
    const call = { asset: 'call:1', decimals: 0 };
    const shares = await value([sol, token]);
    const worth = shares.at(-1)!;
    expect(told(call, shares)).toBe('signed');
    expect(told(call, [shares[0]!, { ...worth, amount: 150_200_000n }, { asset: TOKEN, amount: 3_000_000n }])).toBe(
      'solana.policy',
    );
    expect(told(call, [...shares.slice(0, 2), { ...worth, amount: 150_200_000n }])).toBe('solana.policy');
    expect(told(call, [])).toBe('signed');
  });
});
