import type { FailureTable } from '../../failures/failure-table.ts';
import { callRpc } from '../chain/json-rpc.ts';
import { parseDecimal } from '../notation/decimal.ts';
import { callFeed, fieldOf, objectIn, type PriceCaller } from './call.ts';
import type { Feed } from './feed.ts';
import { refuse } from './refusal.ts';

/** Where the price API is, its key if there is one, and who knows how far the chain is. */
export interface JupiterServer {
  readonly url: string;
  readonly key?: string | undefined;
  /** A provider of the mainnet: Jupiter dates its prices by slots. */
  readonly slotUrl: string;
}

/** What answers of Jupiter say about a call. A 429 says when there are calls again in a header of its own. */
const errors: FailureTable = {
  provider: 'jupiter',
  codeAt: ['code'],
  messageAt: ['message', 'error'],
  waits: { headers: { 'x-ratelimit-reset': 'epochSeconds' } },
};

/** A slot takes 400 ms, or less: what is counted in slots is rather too old than too young. */
const SLOT_MS = 400;

/** Providers are not equally far. A price from further ahead is one of another chain. */
const AHEAD = 150;

/** The prices of Jupiter: those of the last swaps on Solana. Jupiter gives no confidence. */
export const jupiterFeed = (ctx: PriceCaller, server: JupiterServer, now: () => number): Feed => ({
  name: 'jupiter',
  quote: async (id) => {
    const asked = new URL(`${server.url}/price/v3`);
    asked.searchParams.set('ids', id);
    const what = 'GET /price/v3';
    const headers: Record<string, string> = server.key === undefined ? {} : { 'x-api-key': server.key };
    const answer = await callFeed(ctx, { what, url: asked, headers, errors });
    const found = objectIn(fieldOf(answer, id));
    const given = found && fieldOf(found, 'usdPrice');
    if (!found || given === null || given === undefined)
      throw refuse('missing', `${what}: the answer has no price of ${id}.`, false);
    const price = parseDecimal(String(given));
    if (!price) throw refuse('unreadable', `${what}: usdPrice is no number.`, true);
    const tip = await slotOf(ctx, server.slotUrl);
    const at = now() - Math.max(0, behind(tip, String(fieldOf(found, 'blockId')))) * SLOT_MS;
    return { feed: 'jupiter', id, price, confidence: null, at };
  },
});

/** The slot that the chain has reached. */
async function slotOf(ctx: PriceCaller, url: string): Promise<number> {
  await ctx.turn();
  const slot = await callRpc(ctx, url, { method: 'getSlot', params: [{ commitment: 'processed' }] });
  if (typeof slot === 'number' && Number.isSafeInteger(slot) && slot >= 0) return slot;
  throw refuse('undated', 'getSlot: the provider answered no slot, so the age of the price is not known.', true);
}

/** How many slots ago a price was made. */
function behind(tip: number, block: string): number {
  if (!/^[0-9]{1,15}$/.test(block))
    throw refuse('undated', 'The feed does not say in which slot its price was true.', true);
  const slots = tip - Number(block);
  if (slots >= -AHEAD) return slots;
  throw refuse('undated', `The price is of slot ${block}, and the provider of slots is only at ${tip}.`, true);
}
