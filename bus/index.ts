import type { Database } from '../db/index.ts';
import type { RedisLink } from '../redis/link.ts';
import { type Bus, createBus } from './bus.ts';
import { postgresWire } from './postgres-wire.ts';
import { redisWire } from './redis-wire.ts';

export { type Bus, createBus } from './bus.ts';
export { changesTopic, type Followed, hearFollowed, SAY_EVERY_MS, sayFollowed } from './follow.ts';
export type { Subscription } from './subscribers.ts';
export { runTopic } from './topics.ts';

/** The bus of an installation of several processes: on Redis if there is one, else on Postgres. */
export const openBus = ({ redis, database }: { redis: RedisLink | undefined; database: Database }): Bus =>
  createBus(redis ? redisWire(redis) : postgresWire(database));
