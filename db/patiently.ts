import { setTimeout } from 'node:timers/promises';
import { isDatabaseAway } from './away.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** How long work waits for the database. */
export interface Patience {
  readonly limitMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
  /** Called once, before the first wait. What it throws ends the wait. */
  readonly told?: (error: unknown) => void;
}

/**
 * Does work in Blok's own database, and repeats it while the database is unavailable. The work must be repeatable.
 *
 * @throws what the work throws, if time is up or if the error is a different one; the signal's reason
 */
export async function patiently<T>(work: () => Promise<T>, { limitMs, signal, told }: Patience): Promise<T> {
  const until = Date.now() + limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() + pauseMs > until) throw error;
      if (pauseMs === FIRST_PAUSE_MS) told?.(error);
      await setTimeout(pauseMs, undefined, signal && { signal });
    }
  }
}
