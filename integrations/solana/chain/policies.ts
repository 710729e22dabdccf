/**
 * Both types of connection give access to the chain: that of a wallet by the one that it names. Whoever only reads needs no
 * key, so a wallet's stays closed.
 */
export const READS = { type: ['solana-rpc', 'solana-wallet'], required: true, keyless: true } as const;

/** Without a connection, the feeds that answer without a key are asked. */
export const READS_PRICES = { type: 'price-feeds', required: false } as const;

/** The chain is read again after a moment, from the next provider first if there is one. */
export const readPolicy = {
  timeout: '5m',
  retry: { maxAttempts: 8, delay: '500ms', factor: 2, maxDelay: '30s', attemptTimeout: '1m' },
} as const;

/**
 * An attempt of a payment goes on with what the one before left, so there is no harm in many: a step gives up only when
 * a person has to decide.
 */
export const payPolicy = {
  timeout: '2h',
  retry: { maxAttempts: 20, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '45m' },
} as const;
