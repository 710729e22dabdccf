import { setTimeout } from 'node:timers/promises';
import { type Database, poolOf } from './database.ts';

/** A connection that listens to a channel. */
export interface Listening {
  close(): Promise<void>;
}

/** A connection that broke is made anew after this long. */
const AGAIN_MS = 1_000;

/**
 * Listens to a channel (`NOTIFY`), on a connection of the pool that serves nothing else. What is told while the connection
 * is broken is missed: `restored` says each time that the connection hears again.
 */
export function listen(
  database: Database,
  channel: string,
  on: { heard(payload: string): void; restored(): void },
): Listening {
  const closing = new AbortController();
  const { signal } = closing;
  const connected = async (): Promise<void> => {
    const client = await poolOf(database).connect();
    const over = Promise.withResolvers<void>();
    client.once('error', () => over.resolve());
    client.once('end', () => over.resolve());
    signal.addEventListener('abort', () => over.resolve(), { once: true });
    client.on('notification', ({ payload }) => on.heard(payload ?? ''));
    try {
      await client.query(`listen ${channel}`);
      if (signal.aborted) return;
      on.restored();
      await over.promise;
    } finally {
      client.release(true);
    }
  };
  const listening = (async () => {
    while (!signal.aborted) {
      await connected().catch(() => undefined);
      await setTimeout(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    close: () => {
      closing.abort();
      return listening;
    },
  };
}

/** Tells whoever listens to a channel, in one round trip. Each text has at most 8,000 bytes. */
export async function notify(database: Database, channel: string, payloads: readonly string[]): Promise<void> {
  await poolOf(database).query('select pg_notify($1, told) from unnest($2::text[]) as told', [channel, [...payloads]]);
}
