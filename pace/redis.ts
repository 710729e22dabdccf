import { hash } from 'node:crypto';
import { type RedisLink, RedisUnavailable } from '../redis/link.ts';
import { quarterOf } from '../throttle/gcra.ts';
import { memoryPace } from './memory.ts';
import { type Change, type Pacing, UNUSED } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';

/** What is stored, and the server's time. */
const READ = `
local time = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', time[1] * 1000 + math.floor(time[2] / 1000)}
`;

/** Stores a state if nobody has changed the bucket since it was read. */
const SWAP = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`;

/** Other processes may be quicker this often in a row. */
const MOST_TRIES = 50;

/** How long a bucket is kept after a change: longer than any wait, because an unused bucket says nothing. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Buckets in Redis, for any number of processes. While Redis is unavailable, each process gives turns by its own count, at a
 * quarter of each rate, so that a lost Redis never opens a limit.
 */
export function redisPace(redis: RedisLink, alone: PaceStore = memoryPace()): PaceStore {
  const shared = async <T>(bucket: Bucket, change: Change<T>): Promise<T> => {
    const key = keyOf(bucket);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { text, now } = readAnswer(await redis.ask((client) => client.eval(READ, 1, key)));
      const [next, told] = change(stateIn(text), bucket.rate, now);
      const written = textOf(next);
      if (written === text) return told;
      if ((await redis.ask((client) => client.eval(SWAP, 1, key, text, written, KEPT_MS))) === 1) return told;
    }
    throw new RedisUnavailable('Too many processes change the same bucket.');
  };
  return {
    change: (bucket, change) =>
      shared(bucket, change).catch((error: unknown) => {
        if (!(error instanceof RedisUnavailable)) throw error;
        return alone.change({ ...bucket, rate: quarterOf(bucket.rate) }, change);
      }),
  };
}

/** Keys name connections and channels, which are not for whoever looks into Redis. */
const keyOf = ({ workspace, key }: Bucket): string =>
  `blok:pace:${hash('sha256', JSON.stringify([workspace, key]), 'base64url').slice(0, 22)}`;

function readAnswer(answer: unknown): { text: string; now: number } {
  if (Array.isArray(answer) && typeof answer[0] === 'string' && typeof answer[1] === 'number')
    return { text: answer[0], now: answer[1] };
  throw new RedisUnavailable('It answered something else.');
}

const textOf = ({ paidAt, tailAt, beganAt }: Pacing): string =>
  [paidAt, tailAt, beganAt].map((ms) => ms.toFixed(3)).join(' ');

function stateIn(text: string): Pacing {
  const [paidAt = 0, tailAt = 0, beganAt = 0] = text.split(' ').map(Number);
  return [paidAt, tailAt, beganAt].every(Number.isFinite) ? { paidAt, tailAt, beganAt } : UNUSED;
}
