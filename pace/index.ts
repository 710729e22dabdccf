import type { Database } from '../db/index.ts';
import type { RedisLink } from '../redis/link.ts';
import { createLines, type Lines } from './lines.ts';
import { postgresPace } from './postgres.ts';
import { redisPace } from './redis.ts';

export type { Lines } from './lines.ts';
export type { Bucket } from './store.ts';

/** The pace at which this process and all others call providers: kept in Redis if there is one, else in Postgres. */
export const openPace = ({ redis, database }: { redis: RedisLink | undefined; database: Database }): Lines =>
  createLines(redis ? redisPace(redis) : postgresPace(database));
