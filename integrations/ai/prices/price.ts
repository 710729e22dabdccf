import { z } from 'zod';
import { parseMoney } from '../../../graph/money.ts';

const amount = () =>
  z
    .string()
    .refine(
      (text) => (parseMoney(text) ?? -1n) >= 0n,
      'must be US dollars as a text, such as "0.075", at most 12 decimals',
    );

const day = () => z.iso.date('must be a day, such as 2026-11-05');

/** Prices of a million tokens, by kind. */
const tokens = {
  input: amount().optional(),
  /** Input read from the provider's cache. Absent: as `input`. */
  cacheRead: amount().optional(),
  /** Input written to the provider's cache. Absent: as `input`. */
  cacheWrite: amount().optional(),
  output: amount().optional(),
  /** Output that is reasoning. Absent: as `output`. */
  reasoning: amount().optional(),
};

/**
 * What a model costs from a day on, in US dollars. What has no price here is not free: a call that uses it has no known
 * cost.
 */
export const modelPrice = z.strictObject({
  /** `openai`, `anthropic`, `gemini`. */
  provider: z.string().min(1),
  /** As the provider calls it. A dated snapshot (`gpt-5.4-2026-03-05`) has the price of its model unless it is listed. */
  model: z.string().min(1),
  /** Only calls through the connection of this name, for servers that speak a provider's protocol. */
  connection: z.string().min(1).optional(),
  /** First day (UTC) on which the price holds. */
  from: day(),
  /** Where the price was read. */
  source: z.string().min(1),
  ...tokens,
  /** A minute of audio. */
  minute: amount().optional(),
  /** An image that is made. */
  image: amount().optional(),
  /** Prices of the whole call if its input, cached or not, is longer. */
  long: z.strictObject({ above: z.int().positive(), ...tokens }).optional(),
});

export type ModelPrice = z.output<typeof modelPrice>;

/** A file of the operator's own prices. */
export const priceFile = z.strictObject({ prices: z.array(modelPrice).max(10_000) });
