import { Context } from '@temporalio/activity';

/** Often enough for a heartbeat timeout of ten seconds. */
const EVERY_MS = 3_000;

/** Heartbeats until stopped, so that a lost worker is noticed and a cancellation arrives. */
export function keepAlive(): () => void {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
