import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { READS } from './chain/policies.ts';
import { CROSSING_NOTES, crossed, crossingFields } from './crossing/fields.ts';
import type { CrossingCursor } from './crossing/watch.ts';
import { address, money } from './notation/fields.ts';

const NOTES = `
**Balances** are read as they are final. A provider that is behind what was read before is not believed: the next one is asked, or the trigger shows the error and looks again.
Token accounts of the same mint are added up, of both token programs.

${CROSSING_NOTES}
`.trim();

/** Fires when a balance crosses a threshold. */
export const onBalance = defineTrigger({
  type: 'solana.balance',
  title: 'Balance crosses a threshold',
  description:
    'Fires once each time what an address holds of SOL or of a token rises above or falls below a threshold. Knows hysteresis and a cool-down.',
  connection: READS,
  with: z.strictObject({
    address: address().optional().describe('The address. Default: that of the wallet, if the connection is one.'),
    asset: z
      .union([z.literal('SOL'), address()])
      .default('SOL')
      .describe('`SOL`, or the address of a mint.'),
    ...crossingFields,
  }),
  item: z.object({
    address: z.string().describe('The address.'),
    asset: z.string().describe('`SOL`, or the address of the mint.'),
    balance: money('What it holds'),
    slot: z.string().describe('The slot at which it held that.'),
    ...crossed,
  }),
  every: '30s',
  examples: [
    { title: 'The wallet runs low', with: { threshold: '0.5', crosses: 'below' } },
    {
      title: 'An address has got enough of a token, told at most once a day',
      with: {
        address: 'So11111111111111111111111111111111111111112',
        asset: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
        threshold: '1000',
        crosses: 'above',
        hysteresis: 5,
        coolDown: '1d',
      },
    },
  ],
  errors: {
    'solana.behind': 'All providers are behind what was read before. The trigger looks again.',
    'solana.wrongCluster': 'The providers show another chain than that of the connection.',
    'input.invalid': 'There is no address: the connection is no wallet.',
  },
  notes: NOTES,
  watches: ({ address: of = null, asset, threshold, crosses }) => ({ address: of, asset, threshold, crosses }),
  async poll(ctx, request) {
    const { balanceCrossings } = await import('./crossing/balance.ts');
    return balanceCrossings(ctx, { ...request, cursor: request.cursor as (CrossingCursor & { slot: string }) | null });
  },
});
