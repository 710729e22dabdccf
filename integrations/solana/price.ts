import { z } from 'zod';
import { defineNode } from '../define.ts';
import { READS_PRICES, readPolicy } from './chain/policies.ts';
import { price, priceErrors, priceFields, shownPrice, wishOf } from './prices/fields.ts';

const NOTES = `
**Agreement.** All feeds are asked at once. A price that is missing, zero, too old, too uncertain or cannot be read does not count; of the others, those
count that are within \`maxSpread\` of each other. If fewer than \`agree\` are left, there is no price: the node fails with the code of the first feed that was
refused, and \`details.feeds\` says of each feed what it answered. Use \`low\` and \`high\` where money depends on the price: the pessimistic end counts.

**Digits.** Prices are texts with every digit that the feeds send, and are computed without floating point. For a comparison in a graph write
\`Number(nodes.price.usd) < 100\`.

**Feeds.** Pyth needs a token since August 2026 and says how sure it is of its price. Jupiter knows the last swaps on Solana, dates them by slot, and never
counts alone for money. CoinGecko averages over exchanges, and may be a minute late. Without a connection, Jupiter and CoinGecko are asked without a key,
which they allow a few times a minute.
`.trim();

/** Asks what an asset costs. */
export const solanaPrice = defineNode({
  type: 'solana.price',
  version: '1.0.0',
  title: 'Price',
  description:
    'What an asset costs in USD, if enough feeds agree: the median of Pyth, Jupiter and CoinGecko. Fails rather than return a price that is ' +
    'stale, missing, uncertain, or that feeds do not agree on.',
  connection: READS_PRICES,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject(priceFields),
  output: price.extend({ asset: z.string().describe('What the price is of, as it was asked for.') }),
  examples: [
    { title: 'What SOL costs', with: { asset: 'SOL' } },
    {
      title: 'A token, by its mint, on which all three feeds must agree closely',
      with: {
        asset: 'JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN',
        ids: { pyth: '0a0408d619e9380abad35060f9192039ed5042fa6f82301d0e48bb52be830996' },
        agree: 2,
        maxSpread: 0.5,
      },
    },
  ],
  errors: priceErrors,
  notes: NOTES,
  async run(ctx, input) {
    const { agreedPrice } = await import('./prices/agreed-price.ts');
    const { callerOf, named, openFeeds } = await import('./prices/open.ts');
    const feeds = named(openFeeds(callerOf(ctx), ctx.connection), input.feeds);
    const agreed = await agreedPrice({ feeds, signal: ctx.signal, now: Date.now }, wishOf(input));
    return { asset: input.asset, ...shownPrice(agreed) };
  },
});
