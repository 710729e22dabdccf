import { z } from 'zod';
import { duration, toMs } from '../../schema.ts';
import { decimalOf, formatDecimal } from '../notation/decimal.ts';
import type { AgreedPrice, PriceWish } from './agreed-price.ts';
import { FEED_NAMES, REASONS } from './feed.ts';
import { feedIds } from './feed-ids.ts';
import { idsOf, KNOWN_ASSETS } from './ids.ts';

const percent = () => z.number().min(0).max(50).default(1);

const feed = () => z.enum(FEED_NAMES);

/** The parameters of whatever looks at a price. */
export const priceFields = {
  asset: z
    .string()
    .min(1)
    .max(80)
    .describe(
      `What the price is of: ${KNOWN_ASSETS.join(', ')}, the address of a mint on mainnet, or the id of a feed of Pyth. With \`ids\` any name.`,
    ),
  ids: feedIds()
    .optional()
    .describe(
      'What the feeds call the asset, where that does not follow from `asset`. A feed without an id is not asked.',
    ),
  feeds: z
    .array(feed())
    .min(1)
    .max(3)
    .optional()
    .describe('Only these feeds are asked. Default: all of the connection.'),
  agree: z
    .int()
    .min(1)
    .max(FEED_NAMES.length)
    .default(2)
    .describe('How many feeds must agree. With 1, nobody checks the feed.'),
  maxAge: duration('1s', '1d').default('2m').describe('An older price does not count.'),
  maxSpread: percent().describe('How far the prices of feeds that agree may be apart, in percent.'),
  maxConfidence: percent().describe(
    'How unsure of its price a feed may be, on either side, in percent. Only Pyth says how sure it is.',
  ),
};

/** What `priceFields` parse to. */
export type PriceInput = z.output<z.ZodObject<typeof priceFields>>;

/** What is wanted of the price. @throws NodeError `input.invalid` */
export const wishOf = (input: PriceInput): PriceWish => ({
  asset: input.asset,
  ids: idsOf(input.asset, input.ids),
  agree: input.agree,
  maxAgeMs: toMs(input.maxAge),
  maxSpread: decimalOf(input.maxSpread),
  maxConfidence: decimalOf(input.maxConfidence),
});

/** A price, as nodes and triggers return it. */
export const price = z.object({
  usd: z.string().describe('The median of the feeds that agree, in USD, as a decimal text.'),
  low: z.string().describe('The least that it may be by these feeds, their confidence included.'),
  high: z.string().describe('The most that it may be.'),
  spread: z.string().describe('How far the prices of these feeds are apart, in percent.'),
  asOf: z.string().describe('ISO time of the oldest of these prices.'),
  feeds: z
    .array(
      z.object({
        feed: feed().describe('Name of the feed.'),
        id: z.string().describe('What it calls the asset.'),
        usd: z.string().describe('Its price.'),
        confidence: z
          .string()
          .nullable()
          .describe('How far the true price may be away by its own account; null: it does not say.'),
        at: z.string().describe('ISO time at which the price was true.'),
      }),
    )
    .describe('The feeds that agree.'),
  refused: z
    .array(
      z.object({
        feed: feed().describe('Name of the feed.'),
        code: z.string().describe('Why, as a code.'),
        message: z.string().describe('Why, in words.'),
      }),
    )
    .describe('Feeds that were asked and do not count.'),
});

/** Such a price, as JSON. */
export const shownPrice = (agreed: AgreedPrice): z.output<typeof price> => ({
  usd: formatDecimal(agreed.price),
  low: formatDecimal(agreed.low),
  high: formatDecimal(agreed.high),
  spread: agreed.spread,
  asOf: isoOf(agreed.at),
  feeds: agreed.quotes.map(({ feed: name, id, price: usd, confidence, at }) => ({
    ...{ feed: name, id, usd: formatDecimal(usd), at: isoOf(at) },
    confidence: confidence && formatDecimal(confidence),
  })),
  refused: agreed.refusals.map(({ feed: name, reason, message }) => ({ feed: name, code: `price.${reason}`, message })),
});

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** Codes of whatever looks at a price. */
export const priceErrors = {
  ...Object.fromEntries(
    Object.entries(REASONS).map(([reason, meaning]) => [`price.${reason}`, `${meaning} Too few others agree.`]),
  ),
  'input.invalid': 'Nothing says what the asset is, or fewer feeds can be asked than must agree.',
};
