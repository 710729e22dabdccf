import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { type DatabaseFacts, databaseFacts } from '../../db/index.ts';
import type { Context } from '../context.ts';
import type { WireSystem } from './schema.ts';

/** How long a part of the system may take to answer. */
const PATIENCE_MS = 3_000;

/** How the installation is. A part that does not answer is down, and the rest is told all the same. */
export async function getSystem(ctx: Context): Promise<WireSystem> {
  const [temporal, queues, postgres, disk] = await Promise.all([
    answered(ctx.runs.version()),
    answered(ctx.runs.queues()),
    answered(ctx.tenant(databaseFacts)),
    ctx.home === undefined ? null : statfs(ctx.home).catch(() => null),
  ]);
  const state = (up: boolean) => (up ? 'ok' : 'down') as 'ok' | 'down';
  const { value: facts } = postgres;
  return {
    temporal: {
      state: state(temporal.value !== null),
      version: temporal.value,
      ms: temporal.ms,
    },
    postgres: {
      state: state(facts !== null),
      version: facts?.version ?? null,
      sizeBytes: facts?.sizeBytes ?? null,
      ms: postgres.ms,
    },
    redis: { state: ctx.isRedisUp ? state(ctx.isRedisUp()) : 'none' },
    queues: queues.value,
    work: facts && workOf(facts),
    rounds: ctx.rounds?.all() ?? [],
    live: { followers: ctx.feed.size() },
    process: processFacts(),
    machine: {
      cores: availableParallelism(),
      load: loadavg()[0] ?? 0,
      memory: { totalBytes: totalmem(), freeBytes: freemem() },
      disk: disk && { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize },
    },
  };
}

const workOf = ({ version: _version, sizeBytes: _size, ...work }: DatabaseFacts) => work;

function processFacts(): WireSystem['process'] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    node: process.version,
    uptimeSeconds: Math.round(process.uptime()),
    cpuSeconds: Math.round((user + system) / 1e6),
    memory: { rssBytes: rss, heapUsedBytes: heapUsed },
  };
}

/** An answer and how long it took; null if there was none in time. */
async function answered<T>(answer: Promise<T>): Promise<{ value: T | null; ms: number | null }> {
  const begun = performance.now();
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, PATIENCE_MS, null);
  const value = await Promise.race([answer.catch(() => null), late]);
  clearTimeout(timer);
  return { value, ms: value === null ? null : Math.round(performance.now() - begun) };
}
