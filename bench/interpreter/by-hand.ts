/** The benchmark's graphs as a Temporal developer writes them. */
import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { NoopInput, NoopResult } from './noop.ts';

/** The same options that the interpreter gives the activity: retry policy, timeouts, heartbeat. */
const activities = proxyActivities<{ 'bench.noop': (input: NoopInput) => Promise<NoopResult> }>({
  startToCloseTimeout: 30_000,
  scheduleToCloseTimeout: 120_000,
  heartbeatTimeout: 10_000,
  retry: { maximumAttempts: 3, initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 },
});

/** One activity after the other; each gets the result of the one before. */
export async function chainByHand({ from = 0, to, n = 0 }: { from?: number; to: number; n?: number }): Promise<number> {
  for (let step = from; step < to; step++) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof chainByHand>({ from: step, to, n });
    const result = await activities['bench.noop']({ n: n + 1 });
    n = result.output.n;
  }
  return n;
}

/** All activities at once. */
export async function fanOutByHand({ width }: { width: number }): Promise<number[]> {
  const results = await Promise.all(Array.from({ length: width }, (_, i) => activities['bench.noop']({ n: i })));
  return results.map((result) => result.output.n);
}

/** What a webhook of `bench/webhook` gets. */
export interface Greeted {
  readonly name: string;
  readonly n: number;
}

/** Set nodes in a row, each with what the one before has made, and an answer. */
export async function setsByHand({ body, sets }: { body: Greeted; sets: number }): Promise<unknown> {
  let made = { greeting: `Hello, ${body.name}`, n: body.n + 1 };
  for (let set = 1; set < sets; set++) made = { greeting: made.greeting, n: made.n + 1 };
  return made;
}
