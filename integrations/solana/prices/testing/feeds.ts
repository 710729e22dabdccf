import type { OpenConnection } from '../../../context.ts';
import { fakeClock } from '../../../testing/fake-provider/clock.ts';
import type { Reply } from '../../../testing/fake-provider/message.ts';
import { type FakeProvider, fakeProvider } from '../../../testing/fake-provider/provider.ts';

/** What the feeds call SOL. */
export const SOL = {
  pyth: 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
  jupiter: 'So11111111111111111111111111111111111111112',
  coingecko: 'solana',
} as const;

/** The mint of a token with a small price. */
export const TOKEN = 'DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263';

/** What the three feeds say. Everything may be changed at any time. */
export interface FeedState {
  /** By feed of Pyth, as Hermes writes it. */
  pyth: Record<string, { price: string; conf: string; expo: number; age: number }>;
  /** By mint. Prices are JSON as it stands in the answer. `age` counts slots. */
  jupiter: Record<string, { usdPrice: string; age: number | null }>;
  /** By coin and by mint. */
  coingecko: Record<string, { usd: string; age: number | null }>;
  /** How far the chain is. */
  slot: number;
}

const PYTH_KEY = 'pyth-token-aaaa';
const JUPITER_KEY = 'jupiter-key-bbbb';
const COINGECKO_KEY = 'coingecko-key-cccc';

/** Routes of the feeds, for faults. */
export const ROUTES = {
  pyth: 'GET /hermes/v2/updates/price/latest',
  jupiter: 'GET /jup/price/v3',
  coingecko: 'GET /cg/api/v3/simple/price',
  slot: 'POST /rpc',
} as const;

const INITIAL = (): FeedState => ({
  pyth: { [SOL.pyth]: { price: '15012345678', conf: '7500000', expo: -8, age: 2 } },
  jupiter: {
    [SOL.jupiter]: { usdPrice: '150.1', age: 5 },
    [TOKEN]: { usdPrice: '2.3e-05', age: 5 },
  },
  coingecko: {
    [SOL.coingecko]: { usd: '150.2', age: 40 },
    [TOKEN]: { usd: '2.31e-05', age: 40 },
  },
  slot: 348_004_100,
});

/** Three feeds, and a provider that knows the slot, at one server. They speak as the documentation of each service says. */
export const fakeFeeds = (): Promise<FakeProvider<FeedState>> =>
  fakeProvider<FeedState>({
    clock: fakeClock(Date.now()),
    state: INITIAL,
    authorize: ({ path, headers }) => {
      if (path.startsWith('/hermes') && headers.authorization !== `Bearer ${PYTH_KEY}`)
        return { status: 401, body: 'Unauthorized' };
      if (path.startsWith('/jup') && headers['x-api-key'] !== JUPITER_KEY)
        return { status: 401, body: { code: 401, message: 'Unauthorized' } };
      if (path.startsWith('/cg') && headers['x-cg-demo-api-key'] !== COINGECKO_KEY)
        return { status: 401, body: { status: { error_code: 10002, error_message: 'API Key Missing' } } };
      return null;
    },
    routes: {
      [ROUTES.pyth]: ({ query }, { pyth }) => hermes(query.getAll('ids[]'), pyth),
      [ROUTES.jupiter]: ({ query }, { jupiter, slot }) =>
        jupiterPrices((query.get('ids') ?? '').split(','), jupiter, slot),
      [ROUTES.coingecko]: ({ query }, { coingecko }) => coinPrices(query.get('ids') ?? '', coingecko),
      'GET /cg/api/v3/simple/token_price/solana': ({ query }, { coingecko }) =>
        coinPrices(query.get('contract_addresses') ?? '', coingecko),
      [ROUTES.slot]: (_, { slot }) => ({ body: { jsonrpc: '2.0', id: 1, result: slot } }),
    },
  });

/** A connection to them. */
export const feedsConnection = (base: string, given: object = {}): OpenConnection => ({
  ...{ name: 'prices', type: 'price-feeds', hosts: [] },
  data: {
    ...{ pythUrl: `${base}/hermes`, pythToken: PYTH_KEY },
    ...{ jupiterUrl: `${base}/jup`, jupiterKey: JUPITER_KEY, slotUrl: `${base}/rpc` },
    ...{ coingeckoUrl: `${base}/cg/api/v3`, coingeckoKey: COINGECKO_KEY },
    ...given,
  },
});

const seconds = (age: number): number => Math.floor(Date.now() / 1_000) - age;

function hermes(ids: readonly string[], known: FeedState['pyth']): Reply {
  const unknown = ids.filter((id) => !Object.hasOwn(known, id));
  if (unknown.length > 0) return { status: 404, body: `Price ids not found: ${unknown.join(', ')}` };
  const parsed = ids.map((id) => {
    const { age, ...price } = known[id]!;
    const at = { ...price, publish_time: seconds(age) };
    return { id, price: at, ema_price: at, metadata: { slot: 1, proof_available_time: 1, prev_publish_time: 1 } };
  });
  return { body: { binary: { encoding: 'hex', data: ['504e4155'] }, parsed } };
}

const asJson = (entries: readonly string[]): Reply => ({
  headers: { 'content-type': 'application/json' },
  body: `{${entries.join(',')}}`,
});

const jupiterPrices = (mints: readonly string[], known: FeedState['jupiter'], slot: number): Reply =>
  asJson(
    mints
      .filter((mint) => Object.hasOwn(known, mint))
      .map((mint) => {
        const { usdPrice, age } = known[mint]!;
        const blockId = age === null ? 'null' : slot - age;
        return `"${mint}":{"createdAt":"2024-06-05T08:55:25.527Z","liquidity":621679197.67,"usdPrice":${usdPrice},"blockId":${blockId},"decimals":9,"priceChange24h":1.29}`;
      }),
  );

const coinPrices = (id: string, known: FeedState['coingecko']): Reply =>
  asJson(
    Object.hasOwn(known, id)
      ? [
          `"${id}":{"usd":${known[id]!.usd}${known[id]!.age === null ? '' : `,"last_updated_at":${seconds(known[id]!.age!)}`}}`,
        ]
      : [],
  );
