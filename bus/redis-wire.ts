import type { RedisLink, RedisListening } from '../redis/link.ts';
import { CHANNEL, type OpenWire } from './wire.ts';

/** Publish and subscribe of Redis. */
export const redisWire =
  (redis: RedisLink): OpenWire =>
  (on) => {
    let listening: RedisListening | undefined;
    return {
      everyMs: 0,
      listen: () => {
        listening ??= redis.listen(CHANNEL, { heard: on.text, restored: on.gap });
      },
      send: async (texts) => {
        await redis.ask((client) => Promise.all(texts.map((text) => client.publish(CHANNEL, text))));
      },
      close: async () => listening?.close(),
    };
  };
