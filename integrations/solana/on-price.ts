import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { READS_PRICES } from './chain/policies.ts';
import { CROSSING_NOTES, crossed, crossingFields } from './crossing/fields.ts';
import type { CrossingCursor } from './crossing/watch.ts';
import { price, priceErrors, priceFields, shownPrice, wishOf } from './prices/fields.ts';

const NOTES = `
**Prices** are those of the node [solana.price](solana.price.md): enough feeds must agree. If they do not, or their prices are stale, nothing is decided: the trigger shows the
error, keeps the side that it knew, and looks again. The pessimistic end of the range counts, so a feed that is unsure of its price starts nothing.

${CROSSING_NOTES}
`.trim();

/** Fires when a price crosses a threshold. */
export const onPrice = defineTrigger({
  type: 'solana.price',
  title: 'Price crosses a threshold',
  description:
    'Fires once each time the price of an asset rises above or falls below a threshold, by feeds that agree. Knows hysteresis and a cool-down.',
  connection: READS_PRICES,
  with: z.strictObject({ ...priceFields, ...crossingFields }),
  item: price.extend({ asset: z.string().describe('What the price is of.'), ...crossed }),
  every: '1m',
  examples: [
    { title: 'SOL falls below 100 USD', with: { asset: 'SOL', threshold: '100', crosses: 'below' } },
    {
      title: 'SOL goes through 200 USD, told at most once an hour in each direction',
      with: { asset: 'SOL', threshold: '200', crosses: 'either', hysteresis: 2, coolDown: '1h' },
    },
  ],
  errors: priceErrors,
  notes: NOTES,
  watches: ({ asset, ids = null, threshold, crosses }) => ({ asset, ids, threshold, crosses }),
  async poll(ctx, request) {
    const { agreedPrice } = await import('./prices/agreed-price.ts');
    const { callerOf, named, openFeeds } = await import('./prices/open.ts');
    const { crossings } = await import('./crossing/watch.ts');
    const { asset, feeds: names } = request.with;
    const feeds = named(openFeeds(callerOf(ctx), ctx.connection), names);
    const agreed = await agreedPrice({ feeds, signal: ctx.signal, now: Date.now }, wishOf(request.with));
    return crossings(
      { ...request, cursor: request.cursor as CrossingCursor | null },
      { range: agreed, item: (line) => ({ asset, ...line, ...shownPrice(agreed) }), now: Date.now() },
    );
  },
});
