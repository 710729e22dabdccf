import { setTimeout } from 'node:timers/promises';
import type { JsonObject } from '../../graph/json.ts';
import type { Api } from '../api.ts';
import { withProduct } from '../product.ts';
import { conclude } from '../results.ts';
import { type Flood, floodsOn } from './floods.ts';
import { measure, type Probe, probesOn } from './probes.ts';
import { type Beside, missedBy, render } from './report.ts';

/** How long the probes run beside each flood, and before the first. */
const SECONDS = { quick: 5, whole: 8 };
/** What is left of a flood may still be stopping. */
const REST_MS = 5_000;

/**
 * Measures how long small runs take beside runs that cost as much as they can, on API, worker and servers as `npm
 * start` runs them.
 *
 * @returns false if a small run took longer than the benchmark allows
 */
export async function benchNeighbours(options: {
  quick: boolean;
  floods?: readonly string[];
  write: boolean;
}): Promise<boolean> {
  const forMs = SECONDS[options.quick ? 'quick' : 'whole'] * 1_000;
  const measured = await withProduct(async ({ api, outside }) => {
    const probes = probesOn(outside.url);
    await measure(api, probes, 2_000);
    const seen: Beside[] = [{ flood: 'nothing', times: await measure(api, probes, forMs) }];
    for (const flood of chosen(floodsOn(outside.url), options.floods)) {
      seen.push({ flood: flood.name, times: await beside(api, probes, flood, forMs) });
      console.error(render(seen.slice(-1)));
    }
    return seen;
  });
  return conclude('neighbours', { table: render(measured), missed: missedBy(measured), write: options.write });
}

/** The floods whose names hold one of the given texts; without texts, all. */
const chosen = (floods: readonly Flood[], texts: readonly string[] | undefined): Flood[] =>
  floods.filter(({ name }) => !texts || texts.some((text) => name.includes(text)));

async function beside(api: Api, probes: readonly Probe[], flood: Flood, forMs: number) {
  const started = await Promise.all(flood.runs.map((run) => api.post('/runs', run as unknown as JsonObject)));
  for (const run of started) if (!run.id) throw new Error(`${flood.name}: ${JSON.stringify(run).slice(0, 500)}`);
  await setTimeout(1_000);
  const times = await measure(api, probes, forMs);
  await Promise.all(started.map((run) => api.post(`/runs/${run.id}/cancel`, {})));
  await setTimeout(REST_MS);
  return times;
}
