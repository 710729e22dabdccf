import { Context } from '@temporalio/activity';

/** Often enough for a heartbeat timeout of ten seconds. */
const EVERY_MS = 3_000;

/**
 * Heartbeats until stopped, so that a lost worker is noticed and a cancellation arrives.
 *
 * @param once what is sent each time
 */
export function keepAlive(once?: () => void): () => void {
  const context = Context.current();
  const timer = setInterval(once ?? (() => beat(context)), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A heartbeat. It passes on what earlier attempts have noted (`attempt.ts`), which it would otherwise replace by nothing. */
export const beat = (context: Context): void => context.heartbeat(context.info.heartbeatDetails);
