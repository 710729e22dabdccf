import type { Redis } from 'ioredis';
import { listenOn, type RedisListening } from './listen.ts';
import { clientOptions } from './options.ts';
import { soon } from './patience.ts';
import { createPresence, type RedisLog } from './presence.ts';

export type { RedisListening } from './listen.ts';

/** Redis does not answer now, or has not answered in time. What it was asked for may still happen. */
export class RedisUnavailable extends Error {
  constructor(reason: string) {
    super(`Redis is unavailable: ${reason}`);
  }
}

/** A Redis that may be unavailable at any time. */
export interface RedisLink {
  /** Whether it answered when it was last asked. */
  isUp(): boolean;
  /** Asks the server. Nobody waits for a server that is known to be unavailable. @throws RedisUnavailable */
  ask<T>(command: (redis: Redis) => Promise<T>): Promise<T>;
  /** Listens to a channel, on a connection of its own. */
  listen(channel: string, on: { heard(text: string): void; restored(): void }): RedisListening;
  close(): Promise<void>;
}

/** How often Redis is asked whether it is there: in between, nobody asks a server that is unavailable. */
const PROBE_MS = 500;

/**
 * Opens a link to a Redis. Whether the server is there shows later, because Blok works without it.
 *
 * @param url `redis://` or `rediss://`
 */
export async function openRedis(url: string, log: RedisLog): Promise<RedisLink> {
  // Only installations with a Redis load the client.
  const { Redis: Client } = await import('ioredis');
  const client: Redis = new Client(url, clientOptions);
  const presence = createPresence(log);
  const ask = async <T>(command: (redis: Redis) => Promise<T>): Promise<T> => {
    try {
      const answer = await soon(command(client));
      presence.answered();
      return answer;
    } catch (error) {
      presence.failed((error as Error).message);
      throw new RedisUnavailable((error as Error).message);
    }
  };
  const probe = () => {
    if (client.status === 'ready') void ask((redis) => redis.ping()).catch(() => undefined);
  };
  client.on('ready', probe);
  client.on('error', ({ message }: Error) => presence.failed(message));
  client.on('close', () => presence.failed('The connection is closed.'));
  const probing = setInterval(probe, PROBE_MS).unref();
  const listening = new Set<RedisListening>();
  return {
    isUp: presence.isUp,
    ask: async (command) => {
      if (!presence.isUp()) throw new RedisUnavailable(presence.reason());
      // This process may have been the slow one: then Redis is not unavailable for longer than a probe takes.
      return ask(command).finally(() => presence.isUp() || probe());
    },
    listen: (channel, on) => {
      const one = listenOn(client, channel, on);
      listening.add(one);
      return one;
    },
    close: async () => {
      presence.end();
      clearInterval(probing);
      for (const one of listening) one.close();
      client.disconnect();
    },
  };
}
