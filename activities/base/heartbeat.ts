import { Context } from '@temporalio/activity';

/** Often enough for a heartbeat timeout of ten seconds. */
const EVERY_MS = 3_000;
const SHORT_TIMEOUT_MS = 10_000;
/** Of a longer timeout, this part passes: each heartbeat is a write of Temporal's server, and most of a crowd end before. */
const PART = 0.6;

/**
 * Heartbeats until stopped, so that a lost worker is noticed and a cancellation arrives.
 *
 * @param once what is sent each time
 */
export function keepAlive(once?: () => void): () => void {
  const context = Context.current();
  const timeoutMs = context.info.heartbeatTimeoutMs ?? 0;
  const everyMs = timeoutMs > SHORT_TIMEOUT_MS ? PART * timeoutMs : EVERY_MS;
  const timer = setInterval(once ?? (() => beat(context)), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A heartbeat. It passes on what earlier attempts have noted (`attempt.ts`), which it would otherwise replace by nothing. */
export const beat = (context: Context): void => context.heartbeat(context.info.heartbeatDetails);
