import type { Decimal } from '../notation/decimal.ts';

/** The feeds that can be asked. */
export const FEED_NAMES = ['pyth', 'jupiter', 'coingecko'] as const;

/** Name of a feed. */
export type FeedName = (typeof FEED_NAMES)[number];

/** What an asset is called by each feed. A feed without a name for the asset is not asked. */
export type Ids = Readonly<Partial<Record<FeedName, string>>>;

/** What a feed says that an asset costs, in USD. */
export interface Quote {
  readonly feed: FeedName;
  /** What the feed calls the asset. */
  readonly id: string;
  readonly price: Decimal;
  /** How far the true price may be from this one, on either side; null: the feed does not say. */
  readonly confidence: Decimal | null;
  /** When the price was true: milliseconds since 1970. */
  readonly at: number;
}

/**
 * One source of prices. No type of a service passes through here, and no price is a JavaScript number.
 */
export interface Feed {
  readonly name: FeedName;
  /** Asks once. @throws NodeError `price.*` for what the feed says; `pyth.*` and the like for calls that failed */
  quote(id: string): Promise<Quote>;
}

/** Why a feed cannot be relied on now. */
export const REASONS = {
  missing: 'A feed does not know the asset.',
  zero: 'A feed says that the asset costs nothing, or less.',
  stale: 'The price of a feed is older than `maxAge`.',
  undated: 'Nobody knows when the price of a feed was true, or it would be true in the future.',
  wide: 'A feed is not sure of its price: its confidence interval is wider than `maxConfidence`.',
  disagree: 'The prices of the feeds are further apart than `maxSpread`.',
  limited: 'A feed answered that it was asked too often (429).',
  denied: 'A feed refused the request, for example because the key is missing or wrong.',
  unreadable: 'The answer of a feed cannot be read: it is cut off, or it is something else.',
  unavailable: 'A feed could not be reached, did not answer in time, or has an error of its own.',
} as const;

/** Such a reason. */
export type Reason = keyof typeof REASONS;

/** A feed whose price does not count. */
export interface Refusal {
  readonly feed: FeedName;
  readonly reason: Reason;
  /** What is wrong, for people. */
  readonly message: string;
  /** The feed may be of use later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
}
