import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutBody, type Fault, refuse } from '../../testing/fake-provider/faults.ts';
import { failure, fakeContext } from '../../testing/run-node.ts';
import { agreedPrice } from '../prices/agreed-price.ts';
import { openFeeds } from '../prices/open.ts';
import { fakeFeeds, feedsConnection, ROUTES, SOL } from '../prices/testing/feeds.ts';
import { memoryPayments } from '../testing/memory-payments.ts';
import { fastClock, GENEROUS, orderOf, payingStep, type Scene, setScene, somebody } from '../testing/scene.ts';
import { transfer } from './transfer.ts';

const feeds = await fakeFeeds();
let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
beforeEach(() => feeds.reset());
afterAll(async () => {
  await feeds.close();
  await scene.close();
});

const { signal, fetch, excerpt } = fakeContext();
/** A wallet that asks the feeds, with limits in USD. SOL costs at most 150.2 USD. */
const walletWith = async (usd: object) => ({
  ...(await scene.wallet({ ...GENEROUS, usd })),
  prices: (wish: Parameters<typeof agreedPrice>[1]) => {
    const opened = openFeeds({ signal, fetch, excerpt, turn: async () => {} }, feedsConnection(feeds.base));
    return agreedPrice({ feeds: opened, signal, now: Date.now }, wish);
  },
});

/** Two of three feeds fail. */
const failing = (fault: Fault): void => {
  for (const route of [ROUTES.pyth, ROUTES.jupiter]) feeds.always(route, fault);
};

describe('limits in USD', () => {
  it('are set aside together with the payment and the price, and count as spent when it is paid', async () => {
    const payments = memoryPayments();
    const begun: unknown[] = [];
    const ledger = {
      ...payments,
      begin: (terms: never, wants: never) => {
        begun.push(wants);
        return payments.begin(terms, wants);
      },
    };
    const wallet = await walletWith({ perTransaction: '100', perDay: '100' });
    await transfer(payingStep(ledger), wallet, orderOf(somebody(), '0.5'), fastClock());
    expect(begun[0]).toMatchObject({
      reserve: expect.arrayContaining([
        {
          ...{ asset: 'SOL', amount: 500_000_000n },
          price: {
            ...{ high: '150.2', decimals: 9, freshUntil: expect.any(String) },
            agreed: expect.objectContaining({ low: '150.04845678' }),
          },
        },
        { asset: 'usd', amount: 75_100_000n },
      ]),
      limits: expect.arrayContaining([{ asset: 'usd', within: 'day', most: 100_000_000n }]),
    });
    expect([payments.held('usd'), payments.spent('usd')]).toEqual([0n, 75_100_000n]);
    const second = transfer(payingStep(payments, 'second'), wallet, orderOf(somebody(), '0.5'), fastClock());
    await expect(second).rejects.toMatchObject({ code: 'payment.limit' });
  });

  it('refuse a payment above them at the upper end of the price, and above no other', async () => {
    const pay = async (perTransaction: string) =>
      transfer(
        payingStep(),
        await walletWith({ perTransaction, perDay: '1000' }),
        orderOf(somebody(), '1'),
        fastClock(),
      );
    expect(await failure(pay('150.199999'))).toMatchObject({ code: 'solana.policy' });
    expect(await pay('150.2')).toMatchObject({ amount: '1' });
  });

  it.each<[string, string, () => void]>([
    [
      'are stale',
      'price.stale',
      () => {
        feeds.state.pyth[SOL.pyth]!.age = feeds.state.coingecko.solana!.age = 900;
      },
    ],
    [
      'disagree',
      'price.disagree',
      () => {
        feeds.state.jupiter[SOL.jupiter]!.usdPrice = '140';
        feeds.state.coingecko.solana!.usd = '160';
      },
    ],
    [
      'say zero',
      'price.zero',
      () => {
        feeds.state.jupiter[SOL.jupiter]!.usdPrice = feeds.state.pyth[SOL.pyth]!.price = '0';
      },
    ],
    [
      'do not know the asset',
      'price.missing',
      () => {
        delete feeds.state.jupiter[SOL.jupiter];
        delete feeds.state.coingecko.solana;
      },
    ],
    [
      'are not sure',
      'price.wide',
      () => {
        feeds.state.pyth[SOL.pyth]!.conf = '160000000';
        delete feeds.state.coingecko.solana;
      },
    ],
    ['answer 429', 'price.limited', () => failing(refuse(429))],
    ['answer by half', 'price.unavailable', () => failing(cutBody)],
  ])('let nothing be paid while feeds %s: nothing is signed, and nothing stays set aside', async (_, code, spoil) => {
    spoil();
    const payments = memoryPayments();
    const wallet = await walletWith({ perTransaction: '100', perDay: '100' });
    const paying = transfer(payingStep(payments), wallet, orderOf(somebody(), '0.1'), fastClock());
    expect(await failure(paying)).toMatchObject({ code: 'solana.noPrice', details: { code, asset: 'SOL' } });
    expect([...payments.all.values()].flatMap(({ attempts }) => attempts)).toEqual([]);
    expect(payments.held('usd') + payments.held('SOL')).toBe(0n);
  });

  it('let nothing be signed that was set aside before there were such limits', async () => {
    const payments = memoryPayments();
    const order = orderOf(somebody(), '0.1');
    const stuck = {
      ...payments,
      keep: async () => Promise.reject(new Error('killed')),
      settle: async () => Promise.reject(new Error('killed')),
    };
    await expect(transfer(payingStep(stuck), await scene.wallet(), order, fastClock())).rejects.toThrow('killed');
    const wallet = await walletWith({ perTransaction: '100', perDay: '100' });
    expect(await failure(transfer(payingStep(payments), wallet, order, fastClock()))).toMatchObject({
      code: 'solana.policy',
    });
    expect(payments.held('SOL')).toBe(0n);
    expect(await transfer(payingStep(payments), wallet, order, fastClock())).toMatchObject({ amount: '0.1' });
  });
});
