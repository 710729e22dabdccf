import { z } from 'zod';
import { address } from '../notation/fields.ts';
import { PYTH_ID } from './ids.ts';

/** What the feeds call an asset, if its name is not enough. */
export const feedIds = () =>
  z.strictObject({
    pyth: z
      .string()
      .regex(PYTH_ID, 'must be the id of a feed: 64 hexadecimal digits')
      .optional()
      .describe('Id of the feed of Pyth.'),
    jupiter: address().optional().describe('Address of the mint on mainnet.'),
    coingecko: z
      .string()
      .regex(/^[^\s,]{1,100}$/, 'must be one id, such as solana')
      .optional()
      .describe('Id of the coin at CoinGecko, or the address of the mint on mainnet.'),
  });
