import { type RedisLink, RedisUnavailable } from '../redis/link.ts';
import { createCells } from './cells.ts';
import { quarterOf } from './gcra.ts';
import type { Rate, Throttle, Verdict } from './throttle.ts';

/**
 * `throttle/gcra.ts` in one step on the server, by the server's clock, in microseconds. Lua's numbers are printed in full:
 * its own way to print them would lose the last digits.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, burst, takes = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local paid = tonumber(redis.call('GET', KEYS[1]) or '0')
local next = math.max(paid, now) + each
local wait = next - each * burst - now
if wait > 1 then return math.ceil(wait / 1000) end
if takes then redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000)) end
return 0
`;

const PREFIX = 'blok:throttle:';

/**
 * Limits in Redis: exact in any number of processes. While Redis is unavailable, each process allows a quarter of each rate by
 * its own count, so that a few processes together stay near the rate, and a lost Redis never opens a limit.
 */
export function redisThrottle(redis: RedisLink, cells = createCells()): Throttle {
  const ask = async (key: string, { limit, perMs, burst }: Rate, takes: boolean): Promise<Verdict> => {
    const eachMicros = (perMs * 1_000) / limit;
    const waitMs = await redis.ask((client) =>
      client.eval(TAKE, 1, `${PREFIX}${key}`, eachMicros, burst, takes ? 1 : 0),
    );
    if (typeof waitMs !== 'number') throw new RedisUnavailable('It answered something else.');
    return { allowed: waitMs === 0, retryAfterMs: waitMs };
  };
  return {
    take: (key, rate) => ask(key, rate, true).catch(() => cells.take(key, quarterOf(rate))),
    look: (key, rate) => ask(key, rate, false).catch(() => cells.look(key, quarterOf(rate))),
    close: () => undefined,
  };
}
