import { defineConnection } from '../../define-connection.ts';
import { hostOf } from '../../models/server-fields.ts';
import { coinGeckoUrl, fields, PRICE_FEEDS } from './servers.ts';

/** Sources of prices. */
export const priceFeeds = defineConnection({
  type: PRICE_FEEDS,
  title: 'Price feeds',
  description:
    'Where prices come from: Pyth (Hermes), Jupiter and CoinGecko, with the keys that you have. Jupiter and CoinGecko answer a few ' +
    'questions without one.',
  fields,
  secretFields: ['pythToken', 'jupiterKey', 'coingeckoKey', 'slotUrl'],
  allowedHosts: (servers) =>
    [servers.pythUrl, servers.jupiterUrl, servers.slotUrl, coinGeckoUrl(servers)].map((url) => hostOf(url)),
  async test({ network, signal, hosts }, data) {
    const { testFeeds } = await import('./test-feeds.ts');
    return testFeeds({ network, signal, hosts }, data);
  },
});
