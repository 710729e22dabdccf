import type { OutsideWorld } from './outside-world.ts';

/** The connections to a playground, which `npm start` sets up. */
export const playgroundConnections = ({ url, mailPort }: Pick<OutsideWorld, 'url' | 'mailPort'>) => [
  {
    name: 'playground-mail',
    type: 'smtp',
    data: { host: '127.0.0.1', port: mailPort, secure: false, from: 'blok@example.com' },
  },
  { name: 'playground-ai', type: 'openai', data: { baseUrl: `${url}/openai/v1` } },
  {
    name: 'playground-prices',
    type: 'price-feeds',
    data: {
      pythUrl: `${url}/pyth`,
      jupiterUrl: `${url}/jupiter`,
      slotUrl: `${url}/jupiter/slot`,
      coingeckoUrl: `${url}/coingecko/api/v3`,
    },
  },
];
