import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Provider } from '../chain/port.ts';
import { quote } from './plan.ts';

const MOVE = { units: 1_000, accounts: ['a'] };

/** What a payment of 3,000 units is quoted where others paid these prices. */
const quoted = (prices: readonly bigint[], most: bigint) =>
  quote({ recentPrices: async () => prices } as unknown as Provider, MOVE, most);

it('pays what three of four others paid, and nothing where nobody did', async () => {
  expect(await quoted([], 10_000n)).toEqual({ units: 3_000, price: 0n, fee: 5_000n });
  expect(await quoted([0n, 0n, 0n, 0n], 10_000n)).toMatchObject({ price: 0n, fee: 5_000n });
  expect(await quoted([40n, 10n, 1_000_000n, 20n, 30n], 10_000n)).toMatchObject({ price: 40n, fee: 5_001n });
});

it('asks for no prices if nothing may be paid for being served soon', async () => {
  const provider = {
    recentPrices: async () => {
      throw new Error('asked');
    },
  } as unknown as Provider;
  expect(await quote(provider, MOVE, 0n)).toMatchObject({ price: 0n, fee: 5_000n });
});

it('never pays more than the most, whatever a provider says that others paid', async () => {
  const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  await fc.assert(
    fc.asyncProperty(
      fc.array(u64, { maxLength: 20 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      async (prices, most) => {
        const { fee, price } = await quoted(prices, most);
        expect(fee - 5_000n).toBeLessThanOrEqual(most);
        expect(price).toBeLessThan(2n ** 64n);
      },
    ),
  );
});
