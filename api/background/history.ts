import { setTimeout } from 'node:timers/promises';
import {
  addPartition,
  dropPartition,
  forgetRuns,
  listPartitions,
  PARTITIONED,
  REMOVED,
  removeLeftRows,
  removeRuns,
  type Tenant,
  takeAlong,
  type Within,
  withWorkspace,
} from '../../db/index.ts';
import type { Deps } from '../context.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 3_600_000;
/** Soon after the start, because a month may have begun since the last one. */
const FIRST_MS = 5_000;

/** How many months are prepared ahead of time: a server that does nothing for so long loses nothing, and is slower then. */
const AHEAD = 3;

/** Others wait for what a statement locks, so it is given up early: there is another round in an hour. */
const STATEMENT_MS = 10_000;

type History = Pick<Deps, 'database' | 'workspace' | 'log'> & {
  /** How many whole months runs are kept after the one in which they started; absent: for ever. */
  readonly keepMonths?: number | undefined;
};

/** Prepares the months to come, and removes those whose time is over, once an hour. @returns a function that stops it */
export function startHistory(deps: History): () => Promise<void> {
  return repeat(deps, {
    name: 'keeping the history of runs by months',
    everyMs: EVERY_MS,
    firstMs: FIRST_MS,
    work: () => keepHistory(deps),
  });
}

/** One round. */
export async function keepHistory(deps: Omit<History, 'log'>): Promise<void> {
  for (let ahead = 0; ahead <= AHEAD; ahead++)
    for (const table of PARTITIONED) await briefly(deps, (tx) => addPartition(tx, { table, ahead }));
  if (deps.keepMonths !== undefined) await removeMonths(deps, deps.keepMonths);
}

/** Drops partitions, which takes no longer the more they hold. Runs that are still open move on first. */
async function removeMonths(deps: Omit<History, 'log'>, keepMonths: number): Promise<void> {
  const until = firstOfMonth(-keepMonths);
  const inside: Within = (work) => withWorkspace(deps.database, deps.workspace, work, { statementMs: STATEMENT_MS });
  await takeAlong(inside, { until });
  const open = new Set<string>();
  for (const partition of await inside(listPartitions)) {
    // What belongs to open runs must stay with them. They may be another workspace's, which takes them along itself.
    if (partition.until > until || open.has(partition.until)) continue;
    const outcome = await briefly(deps, (tx) => dropPartition(tx, partition));
    if (outcome === 'open') open.add(partition.until);
  }
  for (const remove of [removeRuns, removeLeftRows, forgetRuns])
    while ((await inside((tx) => remove(tx, { until }))) >= REMOVED);
}

/** The first day of a month, counted from this one. */
function firstOfMonth(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString().slice(0, 10);
}

/** Postgres says so if it would have to wait for a lock, and everybody else for it. */
const LOCK_NOT_AVAILABLE = '55P03';
const ATTEMPTS = 20;

/**
 * Does what locks a whole table for a moment. It never waits long for the lock, because all others wait behind it, and
 * tries again instead.
 */
async function briefly<T>({ database, workspace }: Omit<History, 'log'>, work: (tx: Tenant) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withWorkspace(database, workspace, work);
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || attempt === ATTEMPTS) throw error;
      await setTimeout(50 + Math.random() * 200 * attempt);
    }
  }
}
