import { NodeError } from '../../error.ts';
import { isAddress } from '../notation/base58.ts';
import type { Ids } from './feed.ts';

/** Assets that need no ids: a wrong id would be the price of something else, so only well-known ones are here. */
const KNOWN: Readonly<Record<string, Required<Ids> | Omit<Required<Ids>, 'jupiter'>>> = {
  SOL: {
    pyth: 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
    jupiter: 'So11111111111111111111111111111111111111112',
    coingecko: 'solana',
  },
  USDC: {
    pyth: 'eaa020c61cc479712813461ce153894a96a6c00b21ed0cfc2798d1f9a9e9c94a',
    jupiter: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
    coingecko: 'usd-coin',
  },
  USDT: {
    pyth: '2b89b9dc8fdf9f34709a5b106b472f0f39bb6ca9ce04b0fd7f2e971688e2e53b',
    jupiter: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB',
    coingecko: 'tether',
  },
  BTC: {
    pyth: 'e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43',
    coingecko: 'bitcoin',
  },
  ETH: {
    pyth: 'ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace',
    coingecko: 'ethereum',
  },
};

/** The symbols that need no ids. */
export const KNOWN_ASSETS = Object.keys(KNOWN);

/** Ids as an author gives them. */
export type OwnIds = { readonly [Feed in keyof Ids]?: string | undefined };

/** The id of a feed of Pyth: 32 bytes in hexadecimal digits. */
export const PYTH_ID = /^(0x)?[0-9a-fA-F]{64}$/;

/**
 * What the feeds call an asset.
 *
 * @param asset a known symbol, the address of a mint, the id of a feed of Pyth, or any name if `own` has ids
 * @param own ids that an author gave; they go before those that are known
 * @throws NodeError `input.invalid` if nothing says what the asset is
 */
export function idsOf(asset: string, own: OwnIds = {}): Ids {
  const given = Object.entries(own).filter(([, id]) => id !== undefined);
  const ids: Ids = { ...knownIds(asset), ...Object.fromEntries(given) };
  if (Object.keys(ids).length > 0) return ids;
  throw new NodeError(
    'input.invalid',
    `No feed is known for "${asset}". Give one of ${KNOWN_ASSETS.join(', ')}, the address of a mint, the id of a feed of Pyth, or say in "ids" what the feeds call it.`,
  );
}

function knownIds(asset: string): Ids {
  const symbol = asset.toUpperCase();
  if (Object.hasOwn(KNOWN, symbol)) return KNOWN[symbol]!;
  if (PYTH_ID.test(asset)) return { pyth: asset };
  if (!isAddress(asset)) return {};
  const known = Object.values(KNOWN).find((ids) => 'jupiter' in ids && ids.jupiter === asset);
  return known ?? { jupiter: asset, coingecko: asset };
}
