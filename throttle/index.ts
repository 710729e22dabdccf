import { hash } from 'node:crypto';
import type { Bus } from '../bus/index.ts';
import type { RedisLink } from '../redis/link.ts';
import { redisThrottle } from './redis.ts';
import type { Throttle } from './throttle.ts';
import { toldThrottle } from './told.ts';

export type { Rate, Throttle, Verdict } from './throttle.ts';

/** The throttle of an installation: in Redis if there is one, else in memory, told over the bus. */
export function openThrottle({ redis, bus }: { redis: RedisLink | undefined; bus: Bus }): Throttle {
  const { take, look, close } = redis ? redisThrottle(redis) : toldThrottle(bus);
  return {
    take: (key, rate) => take(nameOf(key), rate),
    look: (key, rate) => look(nameOf(key), rate),
    close,
  };
}

/** Keys hold secret addresses and addresses of people: neither is for whoever looks into Redis or listens to the bus. */
const nameOf = (key: string): string => hash('sha256', key, 'base64url').slice(0, 22);
