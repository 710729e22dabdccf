import type { FailureTable } from '../../failures/failure-table.ts';
import { isAddress } from '../notation/base58.ts';
import { parseDecimal } from '../notation/decimal.ts';
import { callFeed, fieldOf, objectIn, type PriceCaller } from './call.ts';
import type { Feed } from './feed.ts';
import { momentOf } from './moment.ts';
import { refuse } from './refusal.ts';

/** Where CoinGecko is, and the key of a plan. */
export interface CoinGeckoServer {
  readonly url: string;
  readonly key?: string | undefined;
  readonly plan: 'demo' | 'pro';
}

/**
 * What answers of CoinGecko say about a call. Its errors have three forms: a status beside nothing, a status within an error,
 * and an error that is a text; a 429 of the network in front of it is the bare word `Throttled`. That a key is of the other
 * plan (10010, 10011) is said with 400 or 401.
 */
const errors: FailureTable = {
  provider: 'coingecko',
  codeAt: ['status.error_code', 'error.status.error_code', 'error_code'],
  messageAt: ['status.error_message', 'error.status.error_message', 'error'],
  final: ['10002', '10005', '10010', '10011'],
};

/** The prices of CoinGecko: averages over exchanges, up to a minute old. CoinGecko gives no confidence. */
export const coinGeckoFeed = (ctx: PriceCaller, { url, key, plan }: CoinGeckoServer): Feed => ({
  name: 'coingecko',
  quote: async (id) => {
    const path = isAddress(id) ? '/simple/token_price/solana' : '/simple/price';
    const asked = new URL(`${url}${path}`);
    asked.searchParams.set(isAddress(id) ? 'contract_addresses' : 'ids', id);
    asked.searchParams.set('vs_currencies', 'usd');
    asked.searchParams.set('include_last_updated_at', 'true');
    asked.searchParams.set('precision', 'full');
    const headers: Record<string, string> = key === undefined ? {} : { [`x-cg-${plan}-api-key`]: key };
    const answer = await callFeed(ctx, { what: `GET ${path}`, url: asked, headers, errors });
    const found = objectIn(fieldOf(answer, id) ?? fieldOf(answer, id.toLowerCase()));
    const given = found && fieldOf(found, 'usd');
    if (!found || given === null || given === undefined)
      throw refuse('missing', `GET ${path}: the answer has no price of ${id}.`, false);
    const price = parseDecimal(String(given));
    if (!price) throw refuse('unreadable', `GET ${path}: usd is no number.`, true);
    return { feed: 'coingecko', id, price, confidence: null, at: momentOf(fieldOf(found, 'last_updated_at')) };
  },
});
