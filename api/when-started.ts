import { setTimeout } from 'node:timers/promises';
import type { Deps } from './context.ts';

/** SQLSTATE of a Postgres that starts, or that recovers after it was killed. */
const STARTS_UP = '57P03';
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;

/** Does work that needs the database; waits for a server that is still starting. @throws what the work throws otherwise */
export async function whenStarted<T>({ log }: Pick<Deps, 'log'>, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (let first = true; ; first = false) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: unknown }).code !== STARTS_UP || Date.now() > until) throw error;
      if (first) log.warn({}, 'the database is starting; the API waits for it');
      await setTimeout(AGAIN_MS);
    }
  }
}
