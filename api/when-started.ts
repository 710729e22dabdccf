import { setTimeout } from 'node:timers/promises';
import { isDatabaseAway } from '../db/index.ts';
import type { Deps } from './context.ts';

const PATIENCE_MS = 30_000;
const AGAIN_MS = 500;

/**
 * Does work that needs the database; waits for a server that starts, or that has just been killed and starts again.
 *
 * @throws what the work throws otherwise
 */
export async function whenStarted<T>({ log }: Pick<Deps, 'log'>, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (let first = true; ; first = false) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || isUnknownAddress(error) || Date.now() > until) throw error;
      if (first) log.warn({ reason: (error as Error).message }, 'the database does not answer; the API waits for it');
      await setTimeout(AGAIN_MS);
    }
  }
}

/** Whether there is no such host: waiting would only hide a mistake. */
const isUnknownAddress = (error: unknown): boolean =>
  ['ENOTFOUND', 'ENOENT'].includes(String((error as { code?: unknown }).code));
