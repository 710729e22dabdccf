import { z } from 'zod';
import { baseUrlField, keyField } from '../../models/server-fields.ts';

/** Where CoinGecko answers, by plan. */
const COINGECKO_URLS = {
  demo: 'https://api.coingecko.com/api/v3',
  pro: 'https://pro-api.coingecko.com/api/v3',
} as const;

/** The type of connections that hold them. */
export const PRICE_FEEDS = 'price-feeds';

/** Fields of such a connection. */
export const fields = z.strictObject({
  pythUrl: baseUrlField('https://pyth.dourolabs.app/hermes').describe(
    'Address of Hermes, the web service of Pyth: that of Pyth, or of your own.',
  ),
  pythToken: keyField()
    .optional()
    .describe('Token of Pyth. Without one, Pyth is asked only if `pythUrl` is another address than that of Pyth.'),
  jupiterUrl: baseUrlField('https://api.jup.ag').describe(
    'Address of Jupiter. It answers few questions without a key.',
  ),
  jupiterKey: keyField().optional().describe('Key of Jupiter, sent as `x-api-key`.'),
  slotUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .default('https://api.mainnet-beta.solana.com')
    .describe(
      'Address of a provider of the mainnet by JSON-RPC. Jupiter dates its prices by slots, and this provider says how far the chain is.',
    ),
  coingeckoUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe('Address of CoinGecko, with its version. Default: that of the plan.'),
  coingeckoKey: keyField().optional().describe('Key of CoinGecko. It answers few questions without one.'),
  coingeckoPlan: z
    .enum(['demo', 'pro'])
    .default('demo')
    .describe('Of which plan the key is: each has an address and a header of its own.'),
});

/** A connection, opened. */
export type PriceServers = z.output<typeof fields>;

/** Whether Pyth can be asked: its own servers take no questions without a token. */
export const asksPyth = ({ pythUrl, pythToken }: PriceServers): boolean =>
  pythToken !== undefined || pythUrl !== fields.parse({}).pythUrl;

/** Where CoinGecko is asked. */
export const coinGeckoUrl = ({ coingeckoUrl, coingeckoPlan }: PriceServers): string =>
  coingeckoUrl ?? COINGECKO_URLS[coingeckoPlan];
