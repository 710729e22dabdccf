import { setTimeout } from 'node:timers/promises';
import type { JsonObject } from '../../graph/json.ts';
import type { Api } from '../api.ts';

/** A small run, and how long it took each time, in milliseconds. */
export interface Probe {
  readonly name: string;
  readonly graph: JsonObject;
}

/** Times of a probe, in the order in which they were measured. */
export type Times = Readonly<Record<string, readonly number[]>>;

/** Runs whose time is measured: without an effect, with one step, with a script. */
export const probesOn = (outside: string): Probe[] => {
  const graph = (name: string, nodes: JsonObject): JsonObject => ({
    ...{ blok: 1, name: `probe-${name}`, execution: 'durable', nodes, output: 1 },
  });
  return [
    { name: 'small', graph: graph('small', {}) },
    { name: 'one step', graph: graph('step', { a: { uses: 'http.request', with: { url: `${outside}/echo` } } }) },
    { name: 'script', graph: graph('script', { a: { uses: 'code.javascript', with: { source: 'return 1' } } }) },
  ];
};

const PAUSE_MS = 300;
const PATIENCE_S = 15;

/** Runs each probe again and again for a while, the probes side by side. */
export async function measure(api: Api, probes: readonly Probe[], forMs: number): Promise<Times> {
  const until = performance.now() + forMs;
  const series = probes.map(async ({ name, graph }) => {
    const times: number[] = [];
    do {
      times.push(await timeOf(api, graph));
      await setTimeout(PAUSE_MS);
    } while (performance.now() < until);
    return [name, times] as const;
  });
  return Object.fromEntries(await Promise.all(series));
}

/** The time until the run has ended. A run that takes longer than the probe's patience is cancelled, and counts that. */
async function timeOf(api: Api, graph: JsonObject): Promise<number> {
  const began = performance.now();
  const run = await api.post(`/runs?wait=${PATIENCE_S}`, { graph });
  const took = performance.now() - began;
  if (run.status === 'succeeded') return took;
  if (took < PATIENCE_S * 1_000) throw new Error(`A probe ended as ${JSON.stringify(run).slice(0, 500)}`);
  await api.post(`/runs/${run.id}/cancel`, {});
  return took;
}
