import { setTimeout } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { isDatabaseAway } from '../../db/index.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** How long a step waits, and the signal that may end the wait early. */
export interface Patience {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Does work in Blok's own database, and repeats it while the database is unavailable. That delays a step but does not
 * use up the attempts meant for the service that the step calls. The work must be repeatable.
 *
 * @throws what the work throws, if time is up or if the error is a different one; the signal's reason
 */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const until = Date.now() + patience.limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() + pauseMs > until) throw error;
      await setTimeout(pauseMs, undefined, patience.signal ? { signal: patience.signal } : {});
    }
  }
}

/**
 * The patience of the running activity: half of the time that its attempt may take, so that the rest is left for the
 * node.
 */
export function patienceOfActivity(): Patience {
  const { info, cancellationSignal } = Context.current();
  return { limitMs: (info.startToCloseTimeoutMs ?? 0) / 2, signal: cancellationSignal };
}
