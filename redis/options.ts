import type { RedisOptions } from 'ioredis';

const CONNECT_MS = 2_000;
/** A connection on which nothing comes back for this long is made anew: the other end may be gone. */
const SILENCE_MS = 5_000;

/** Again and again, soon at first. */
const again = (times: number): number => Math.min(50 * 2 ** Math.min(times, 10), 1_000);

/** A client that waits for no connection: whatever cannot be sent now fails, and there is another way to do it. */
export const clientOptions: RedisOptions = {
  connectTimeout: CONNECT_MS,
  socketTimeout: SILENCE_MS,
  retryStrategy: again,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // After a fail-over the address may lead to a server that only reads.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  connectionName: 'blok',
};

/** A client that listens: it finds out by itself what it missed. */
export const listenerOptions: RedisOptions = {
  ...clientOptions,
  commandTimeout: SILENCE_MS,
  autoResubscribe: false,
};
