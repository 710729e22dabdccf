import { setTimeout } from 'node:timers/promises';

/** How many refusals a second are answered at once. */
const FREELY = 100;
/** How long further ones wait for their answer. A sender that waits sends nothing meanwhile on the same connection. */
const HELD_MS = 500;
/** How many wait at a time, because each holds a connection. */
const MOST = 1_000;

/** Resolves when a request may be refused. */
export type HoldBack = () => Promise<void> | undefined;

/**
 * Lets refusals wait when there are many of them. Answered at once, each refused request makes room for the next one of the same
 * sender, and a flood is as fast as the server can refuse it.
 */
export function createHoldBack({ freely = FREELY, heldMs = HELD_MS, most = MOST, now = Date.now } = {}): HoldBack {
  let second = 0;
  let count = 0;
  let held = 0;
  return () => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) [second, count] = [current, 0];
    count++;
    if (count <= freely || held >= most) return undefined;
    held++;
    return setTimeout(heldMs, undefined, { ref: false }).finally(() => held--);
  };
}
