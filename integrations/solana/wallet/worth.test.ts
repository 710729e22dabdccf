import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { refuse } from '../../testing/fake-provider/faults.ts';
import { failure, fakeContext } from '../../testing/run-node.ts';
import { policy } from '../policy.ts';
import { agreedPrice } from '../prices/agreed-price.ts';
import { openFeeds } from '../prices/open.ts';
import { fakeFeeds, feedsConnection, ROUTES, SOL } from '../prices/testing/feeds.ts';
import { type PriceSource, refuseUnworthy, worthOf } from './worth.ts';

const feeds = await fakeFeeds();
beforeEach(() => feeds.reset());
afterAll(() => feeds.close());

const { signal, fetch, excerpt } = fakeContext();
const caller = { signal, fetch, excerpt, turn: () => Promise.resolve() };
const source: PriceSource = (wish) =>
  agreedPrice({ feeds: openFeeds(caller, feedsConnection(feeds.base)), signal, now: Date.now }, wish);

const paid = { asset: 'SOL', amount: 1_000_000_000n, decimals: 9, connection: 'payer' };
const allowing = (usd: object | null = { perTransaction: '200', perDay: '1000' }) =>
  policy.parse({
    assets: [{ asset: 'SOL', perTransaction: '5', perDay: '9' }],
    recipients: 'any',
    ...(usd && { usd }),
  });

describe('what a payment is worth', () => {
  it('is counted at the upper end of the agreed price, rounded up, and says by which price', async () => {
    expect(await worthOf(source, allowing(), { ...paid, amount: 1n })).toMatchObject({ asset: 'usd', amount: 1n });
    expect(await worthOf(source, allowing(), paid)).toEqual({
      asset: 'usd',
      // Pyth says 150.12345678 ± 0.075, CoinGecko 150.2.
      amount: 150_200_000n,
      price: {
        high: '150.2',
        freshUntil: expect.any(String),
        agreed: expect.objectContaining({ usd: '150.12345678', low: '150.04845678' }),
      },
    });
    feeds.state.pyth[SOL.pyth]!.conf = '100000000';
    expect((await worthOf(source, allowing(), paid))!.amount).toBe(151_123_457n);
  });

  it('is not asked for without limits in USD', async () => {
    expect(await worthOf(null, allowing(null), paid)).toBeNull();
    expect(feeds.requests).toEqual([]);
  });

  it('is refused above the limit of one payment', async () => {
    expect(
      await failure(worthOf(source, allowing({ perTransaction: '150.199999', perDay: '1000' }), paid)),
    ).toMatchObject({
      code: 'solana.policy',
      retryable: false,
    });
    expect(await worthOf(source, allowing({ perTransaction: '150.2', perDay: '1000' }), paid)).not.toBeNull();
  });

  it('needs feeds that agree: without them nothing is paid, and the code says why', async () => {
    expect(await failure(worthOf(null, allowing(), paid))).toMatchObject({ code: 'solana.noPrice', retryable: false });
    for (const route of [ROUTES.pyth, ROUTES.jupiter]) feeds.always(route, refuse(429, {}, { 'retry-after': '9' }));
    expect(await failure(worthOf(source, allowing(), paid))).toMatchObject({
      ...{ code: 'solana.noPrice', retryable: true, retryAfterMs: 9_000 },
      details: { code: 'price.limited' },
    });
    const unknown = { ...paid, asset: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' };
    feeds.reset();
    expect(await failure(worthOf(source, allowing(), unknown))).toMatchObject({
      ...{ code: 'solana.noPrice', retryable: false },
      details: { code: 'price.missing' },
    });
  });
});

describe('where the key is', () => {
  it('nothing is signed unless what is set aside is what the payment is worth by the price in the ledger', async () => {
    const share = (await worthOf(source, allowing(), paid))!;
    const told = (changed: object | null) => {
      const reserved = changed ? [{ ...share, ...changed }] : [];
      try {
        refuseUnworthy(allowing(), paid, reserved);
        return 'signed';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(told({})).toBe('signed');
    expect(told(null)).toBe('solana.policy');
    expect(told({ amount: 150_199_999n })).toBe('solana.policy');
    expect(told({ price: { ...share.price!, high: '15.02' } })).toBe('solana.policy');
    expect(told({ price: undefined })).toBe('solana.policy');
    const strict = allowing({ perTransaction: '150', perDay: '1000' });
    expect(() => refuseUnworthy(strict, paid, [share])).toThrow(/150200000 millionths/);
    expect(() => refuseUnworthy(allowing(null), paid, [])).not.toThrow();
  });
});
