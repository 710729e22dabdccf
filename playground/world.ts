/** People as three systems know them. The e-mail address, `mail` and `login` are the same thing. */
export const CONTACTS = [
  { email: 'ada@example.com', name: 'Ada Lovelace', phone: '+44 20 1815' },
  { email: 'grace@example.com', name: 'Grace Hopper', phone: '+1 212 1906' },
  { email: 'alan@example.com', name: 'Alan Turing', phone: null },
];
export const DEBTORS = [
  { mail: 'grace@example.com', balance: 120.5 },
  { mail: 'alan@example.com', balance: 0 },
  { mail: 'edsger@example.com', balance: 33 },
];
export const USERS = [
  { login: 'ada@example.com', lastSeen: '2026-10-01' },
  { login: 'alan@example.com', lastSeen: '2026-11-12' },
];

/** The customers of a shop, and yesterday's orders. */
export const CUSTOMERS = [
  { id: 'c1', name: 'Ada', email: 'ada@example.com' },
  { id: 'c2', name: 'Grace', email: 'grace@example.com' },
  { id: 'c3', name: 'Alan', email: 'alan@example.com' },
];
export const ORDERS = [
  { id: 'o1', customer: 'c1', item: 'Punch cards', total: 12 },
  { id: 'o2', customer: 'c1', item: 'Brass gear', total: 80 },
  { id: 'o3', customer: 'c3', item: 'Paper tape', total: 7 },
];

/** Carriers and how they price a parcel, in euros. */
export const QUOTES: Readonly<Record<string, { base: number; perKg: number; days: number }>> = {
  snail: { base: 4, perKg: 1, days: 6 },
  hare: { base: 9, perKg: 2, days: 1 },
};

/** What services call assets: feeds of Pyth, mints on Solana, coins at CoinGecko. */
export const ASSETS: Readonly<
  Record<string, { readonly pyth: string; readonly mint?: string; readonly coin: string }>
> = {
  SOL: {
    pyth: 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
    mint: 'So11111111111111111111111111111111111111112',
    coin: 'solana',
  },
  USDC: {
    pyth: 'eaa020c61cc479712813461ce153894a96a6c00b21ed0cfc2798d1f9a9e9c94a',
    mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
    coin: 'usd-coin',
  },
  BTC: { pyth: 'e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43', coin: 'bitcoin' },
  ETH: { pyth: 'ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace', coin: 'ethereum' },
};

/** Row `index` of a large table. Every 2,500th row has no e-mail address. */
export function rowOf(index: number) {
  const id = index + 1;
  return {
    id,
    name: `Customer ${id}`,
    email: id % 2500 === 0 ? null : `customer${id}@example.com`,
    country: ['de', 'fr', 'it', 'pl'][index % 4]!,
    amount: (id * 7) % 100,
  };
}
