import { type Database, type Listening, listen, notify } from '../db/index.ts';
import { CHANNEL, type OpenWire } from './wire.ts';

/**
 * A notification makes the commits of all writers wait for one another, so hints travel outside of the transactions that
 * they tell about, and at most fifty times a second.
 */
const EVERY_MS = 20;

/** `LISTEN` and `NOTIFY`: for several processes without Redis. Hearing keeps one connection of the pool. */
export const postgresWire =
  (database: Database): OpenWire =>
  (on) => {
    let listening: Listening | undefined;
    return {
      everyMs: EVERY_MS,
      listen: () => {
        listening ??= listen(database, CHANNEL, { heard: on.text, restored: on.gap });
      },
      send: (texts) => notify(database, CHANNEL, texts),
      close: async () => listening?.close(),
    };
  };
