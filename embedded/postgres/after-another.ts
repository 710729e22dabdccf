/**
 * The start of a Postgres right after another one on the same data was killed. The processes that the killed one had
 * started end by themselves when they notice, and hold its shared memory until then. Postgres refuses to start
 * meanwhile, because two of them would destroy the data. They hold nothing else that is needed: the pid file is removed
 * before the start, and they closed the port when they began.
 */
import { pause } from '../process/wait.ts';

/** Usually they notice within milliseconds; one that computes something takes longer. */
const ENDS_WITHIN_MS = 15_000;

const AGAIN_AFTER_MS = 100;

/** Thrown by a start that was refused because processes of the Postgres before it still use its data. */
export class StillInUse extends Error {}

/** True if this is how Postgres says so: in English, because it is started with `LC_ALL=C`. */
export function saysStillInUse(log: string): boolean {
  return /pre-existing shared memory block .*is still in use/.test(log);
}

/**
 * Starts again and again while the start throws `StillInUse`.
 * @param signal aborts the attempts
 * @throws what the start throws for another reason, or the last `StillInUse` once `withinMs` have passed
 */
export async function onceReleased<T>(
  start: () => Promise<T>,
  { withinMs = ENDS_WITHIN_MS, signal }: { withinMs?: number; signal?: AbortSignal },
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof StillInUse) || Date.now() >= end) throw error;
      await pause(AGAIN_AFTER_MS, signal);
      if (signal?.aborted) throw error;
    }
  }
}
