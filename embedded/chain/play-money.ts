/** Wallets of the playground's chain. Everybody knows their keys: what they hold is worth nothing. */

/** A wallet that examples pay from. */
export interface PlayWallet {
  /** Name of its connection. */
  readonly name: string;
  readonly address: string;
  readonly secretKey: string;
  /** What it holds when the chain begins. */
  readonly sol: number;
  /** What it may pay. */
  readonly policy: object;
}

/** Where the till's money goes. */
export const TREASURY = 'C3t4MiKmPV2kw8849yhJs3M9tJuJXTRABgHVBzqUMc23';

export const PLAY_WALLETS: readonly PlayWallet[] = [
  {
    name: 'example-wallet',
    address: '5MK4QAHkjMtJgnqtHYti2AJqNxqoMFzQ7hUFeaGtmXN5',
    secretKey: '5mAK6rrowr9PkSz1nfHj1kNzmXXsmAX2iKTxP8YgZhdHRp3wFpZwRinbZ47vFxP3TnF9qn6qjYpzGsgGrT8mdBmF',
    sol: 1_000_000,
    policy: {
      assets: [{ asset: 'SOL', perTransaction: '5', perDay: '10000' }],
      recipients: 'any',
      costs: { perTransaction: '0.01', perDay: '100' },
    },
  },
  {
    name: 'example-till',
    address: '4H3FbqkBpDmYzD5nLYxNoEf1XLupc8L748A1EaxabvaY',
    secretKey: 'PGFGptQiLJE2bkp71nU1D4xtQQQrY7mrBcy4mpqu9ZZkZXdiqyGRdRL5Hezed1Gq3nWkNTfQqiD7X5G86ZfmfKa',
    sol: 2.5,
    policy: {
      assets: [{ asset: 'SOL', perTransaction: '100', perDay: '10000' }],
      recipients: [TREASURY],
      costs: { perTransaction: '0.01', perDay: '100' },
    },
  },
];

/** Name of the connection by which the chain is reached. */
const PLAY_CHAIN = 'playground-chain';

/** The connection to a chain at these addresses. */
export const chainConnection = (urls: readonly string[]) => ({
  ...{ name: PLAY_CHAIN, type: 'solana-rpc' },
  data: { urls, cluster: 'custom' },
});

/** The connections of the wallets on it. */
export const walletConnections = PLAY_WALLETS.map(({ name, secretKey, policy }) => ({
  ...{ name, type: 'solana-wallet' },
  data: { rpc: PLAY_CHAIN, cluster: 'custom', secretKey, policy },
}));

/** The number of lamports in a SOL. */
export const LAMPORTS = 1_000_000_000;
