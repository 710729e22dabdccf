import { patiently } from '../db/index.ts';
import type { Deps } from './context.ts';

const PATIENCE_MS = 30_000;

/**
 * Does work that needs the database; waits for a server that starts, or that has just been killed and starts again.
 *
 * @throws what the work throws otherwise
 */
export const whenStarted = <T>({ log }: Pick<Deps, 'log'>, work: () => Promise<T>): Promise<T> =>
  patiently(work, {
    limitMs: PATIENCE_MS,
    told: (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      // There is no such host: waiting would only hide a mistake.
      if (code === 'ENOTFOUND' || code === 'ENOENT') throw error;
      log.warn({ reason: message }, 'the database does not answer; the API waits for it');
    },
  });
