/** A sender of webhooks as providers are: it sends an event again until it is answered 2xx, and some events twice. */
import type { Random } from '../../scripts/fuzz/random.ts';

/** An event, and the address at which it is delivered. */
export interface Delivery {
  readonly event: string;
  readonly hook: string;
}

/** What a delivery was answered in the end. */
export interface Delivered extends Delivery {
  readonly status: number;
  /** Id of the run, as the sender was told. */
  readonly run: string;
  /** How often it was sent. */
  readonly tries: number;
}

/** Events for these addresses in turn, of which some are delivered twice, the second time soon after the first or later. */
export function deliveriesOf(count: number, hooks: readonly string[], random: Random): Delivery[] {
  const all: Delivery[] = [];
  for (let index = 0; all.length < count; index++) {
    const one = { event: `e${index}`, hook: hooks[index % hooks.length]! };
    all.push(one);
    if (random.int(100) < 3) all.splice(all.length - random.int(Math.min(all.length, 40)), 0, one);
  }
  return all.slice(0, count);
}

/** How long a sender waits for an answer, between two tries, and until it gives up. */
const ANSWER_MS = 20_000;
const GIVE_UP_MS = 120_000;

/**
 * Delivers an event to one of the APIs after the other until one answers 2xx.
 *
 * @throws Error with what was answered, if it has to give up; at once for an answer that says not to send it again
 */
export async function deliver(apis: readonly string[], delivery: Delivery, random: Random): Promise<Delivered> {
  const until = Date.now() + GIVE_UP_MS;
  const told: string[] = [];
  for (let tries = 1; Date.now() < until; tries++) {
    const api = random.pick(apis);
    try {
      const response = await fetch(`${api}${delivery.hook}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event: delivery.event }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      if (response.ok) return { ...delivery, status: response.status, run: runIn(text), tries };
      if (response.status < 500) throw new Refused(`${delivery.event}: ${response.status} ${text}`);
      told.push(`${response.status}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      told.push((error as Error).name);
    }
    await new Promise((resolve) => setTimeout(resolve, 50 + random.int(300)));
  }
  throw new Error(`${delivery.event} was not taken in ${GIVE_UP_MS / 1000} s: ${told.slice(-20).join(', ')}`);
}

class Refused extends Error {}

const runIn = (text: string): string => (JSON.parse(text) as { run: { id: string } }).run.id;
