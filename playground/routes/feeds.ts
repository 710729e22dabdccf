import { Hono } from 'hono';
import type { JsonObject } from '../../graph/json.ts';
import type { Ledger } from '../ledger.ts';
import { problem, readObject } from '../request.ts';
import { ASSETS } from '../world.ts';

/** Services that tell prices. */
const FEEDS = ['pyth', 'jupiter', 'coingecko'] as const;
type Feed = (typeof FEEDS)[number];

/** A price, as somebody set it. */
type Price = {
  readonly usd: number;
  /** How old the services say that it is. */
  readonly ageSeconds: number;
  /** How unsure of it Pyth is, in USD. */
  readonly confidence: number;
};

/** What everything costs that is known and of which nobody has set the price. */
const USUAL: Price = { usd: 100, ageSeconds: 0, confidence: 0 };

const SLOT_MS = 400;

/** Decimals of the prices of Pyth. */
const DECIMALS = 8;

/**
 * Prices that callers can set, and three services that tell them as their documentation says: Pyth (Hermes), Jupiter and
 * CoinGecko. A price changes only when somebody sets it, and is fresh unless somebody says otherwise.
 */
export function feedRoutes(ledger: Ledger): Hono {
  const app = new Hono();
  app.route('/', priceRoutes(ledger));
  const find = (feed: Feed, id: string): Price | null => priceAt(ledger, feed, id);

  app.get('/pyth/v2/updates/price/latest', (c) => {
    const ids = c.req.queries('ids[]') ?? [];
    const unknown = ids.filter((id) => find('pyth', id) === null);
    if (unknown.length > 0) return c.text(`Price ids not found: ${unknown.join(', ')}`, 404);
    const parsed = ids.map((id) => asPyth(id, find('pyth', id)!));
    return c.json({ binary: { encoding: 'hex', data: [] }, parsed });
  });

  app.get('/jupiter/price/v3', (c) => c.json(byId(c.req.query('ids'), (mint) => asJupiter(find('jupiter', mint)))));
  // Jupiter dates its prices by slots, so somebody must know how far the chain is.
  app.post('/jupiter/slot', async (c) => {
    const { id = null, method } = await readObject(c);
    if (method === 'getSlot') return c.json({ jsonrpc: '2.0', id, result: slotAgo(0) });
    return c.json({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } });
  });

  app.get('/coingecko/api/v3/simple/price', (c) =>
    c.json(byId(c.req.query('ids'), (coin) => asCoinGecko(find('coingecko', coin)))),
  );
  app.get('/coingecko/api/v3/simple/token_price/solana', (c) =>
    c.json(byId(c.req.query('contract_addresses'), (mint) => asCoinGecko(find('coingecko', mint)))),
  );
  return app;
}

function priceRoutes(ledger: Ledger): Hono {
  const app = new Hono();
  app.put('/prices/:symbol', async (c) => {
    const { usd, ageSeconds = 0, confidence = 0, feed = null } = await readObject(c);
    const isPrice = [usd, ageSeconds, confidence].every((value) => typeof value === 'number');
    if (!isPrice || (feed !== null && !FEEDS.includes(feed as Feed)))
      return problem(
        c,
        400,
        'bad-price',
        `Send { "usd": <number> }, and perhaps "ageSeconds", "confidence" (numbers), and "feed" (${FEEDS.join(', ')}) for one of them alone.`,
      );
    const symbol = c.req.param('symbol');
    const price = { usd, ageSeconds, confidence } as Price;
    if (feed !== null) ledger.call('price', keyOf(symbol, feed as Feed), price, false);
    else {
      ledger.call('price', symbol, price, false);
      for (const one of FEEDS)
        if (ledger.find('price', keyOf(symbol, one))) ledger.call('price', keyOf(symbol, one), null, false);
    }
    return c.json({ symbol, usd });
  });
  app.get('/prices/:symbol', (c) => {
    const symbol = c.req.param('symbol');
    return c.json({ symbol, usd: setPrice(ledger, symbol)?.usd ?? USUAL.usd });
  });
  return app;
}

/** Where the price is kept that only one service tells. */
const keyOf = (symbol: string, feed: Feed): string => `${symbol} at ${feed}`;

function setPrice(ledger: Ledger, key: string): Price | null {
  const found = (ledger.find('price', key)?.last ?? null) as Partial<Price> | null;
  return found && { ...USUAL, ...found };
}

/** The price of an asset at a service that calls it `id`; null if the service does not know it. */
function priceAt(ledger: Ledger, feed: Feed, id: string): Price | null {
  const bare = id.replace(/^0x/, '');
  const known = Object.entries(ASSETS).find(([, names]) => Object.values(names).includes(bare))?.[0];
  const symbol = known ?? id;
  const found = setPrice(ledger, keyOf(symbol, feed)) ?? setPrice(ledger, symbol);
  return found ?? (known === undefined ? null : USUAL);
}

function asPyth(id: string, { usd, confidence, ageSeconds }: Price): JsonObject {
  const [price, conf] = [usd, confidence].map((value) => String(Math.round(value * 10 ** DECIMALS)));
  const told = { price: price!, conf: conf!, expo: -DECIMALS, publish_time: secondsAgo(ageSeconds) };
  return { id: id.replace(/^0x/, ''), price: told, ema_price: told, metadata: { slot: slotAgo(ageSeconds) } };
}

const asJupiter = (price: Price | null): JsonObject | null =>
  price && { usdPrice: price.usd, blockId: slotAgo(price.ageSeconds), decimals: 9, liquidity: 1e8, priceChange24h: 0 };

const asCoinGecko = (price: Price | null): JsonObject | null =>
  price && { usd: price.usd, last_updated_at: secondsAgo(price.ageSeconds) };

/** What is known, by id: services leave out what they do not know. */
function byId(ids = '', read: (id: string) => JsonObject | null): JsonObject {
  const found = ids.split(',').map((id) => [id, read(id)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== null));
}

const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1_000 - seconds);

const slotAgo = (seconds: number): number => Math.floor((Date.now() - seconds * 1_000) / SLOT_MS);
