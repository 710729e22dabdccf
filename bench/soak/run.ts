import { setTimeout } from 'node:timers/promises';
import type { JsonObject } from '../../graph/json.ts';
import type { Api } from '../api.ts';
import { type Probe, probesOn } from '../neighbours/probes.ts';
import { withProduct } from '../product.ts';
import { conclude } from '../results.ts';
import { memoryOf } from '../statistics.ts';
import { type Attack, attacksOn, LIMIT_S } from './hostile.ts';
import { missedBy, type Ordinary, type Outcome, render } from './report.ts';

const MINUTES = { quick: 2, whole: 30 };
/** How long the ordinary runs go alone first. */
const ALONE_MS = 20_000;
/** Between the beginnings of two ordinary runs: five a second. */
const EVERY_MS = 200;
/** Between the beginnings of two attacks. */
const ATTACK_EVERY_MS = 6_000;
const PATIENCE_S = 30;
/** How much later than its limit a hostile run may be seen to have ended. */
const SLACK_S = 30;

/**
 * Five ordinary runs a second beside everything that a hostile author can write, for half an hour.
 *
 * @returns false if a process ended, a run ended wrong or late, or memory grew too much
 */
export async function benchSoak(options: { quick: boolean; write: boolean }): Promise<boolean> {
  const forMs = MINUTES[options.quick ? 'quick' : 'whole'] * 60_000;
  const soak = await withProduct(async ({ api, pid, outside }) => {
    const probes = probesOn(outside.url);
    await ordinary(api, probes, 5_000);
    const alone = await ordinary(api, probes, ALONE_MS);
    let mostMb = 0;
    const sampler = setInterval(() => {
      mostMb = Math.max(mostMb, memoryOf(pid));
    }, 1_000);
    const [beside, hostile] = await Promise.all([
      ordinary(api, probes, forMs),
      attack(api, attacksOn(outside.url), forMs),
    ]);
    clearInterval(sampler);
    return { alone, beside, hostile, mostMb, alive: memoryOf(pid) > 0 };
  });
  return conclude('soak', { table: render(soak), missed: missedBy(soak), write: options.write });
}

/** Starts ordinary runs at a steady pace, whatever the earlier ones are doing, and waits for all. */
async function ordinary(api: Api, probes: readonly Probe[], forMs: number): Promise<Ordinary[]> {
  const until = performance.now() + forMs;
  const runs: Promise<Ordinary>[] = [];
  for (let i = 0; performance.now() < until; i += 1) {
    const probe = probes[i % probes.length]!;
    runs.push(timeOf(api, probe));
    await setTimeout(EVERY_MS);
  }
  return Promise.all(runs);
}

async function timeOf(api: Api, { name, graph }: Probe): Promise<Ordinary> {
  const began = performance.now();
  const run = await api
    .post(`/runs?wait=${PATIENCE_S}`, { graph })
    .catch((error: Error) => ({ status: error.message }));
  return { name, ms: performance.now() - began, status: run.status ?? JSON.stringify(run).slice(0, 200) };
}

/** Starts the attacks in turn, again and again, and looks how each run of them ended. */
async function attack(api: Api, attacks: readonly Attack[], forMs: number): Promise<Outcome[]> {
  const until = performance.now() + forMs;
  const ends: Promise<Outcome[]>[] = [];
  for (let i = 0; performance.now() < until; i += 1) {
    const next = attacks[i % attacks.length]!;
    ends.push(Promise.all(next.runs.map((run) => endOf(api, next, run as unknown as JsonObject))));
    await setTimeout(ATTACK_EVERY_MS);
  }
  return (await Promise.all(ends)).flat();
}

async function endOf(api: Api, { name, refused = false }: Attack, body: JsonObject): Promise<Outcome> {
  const started = await api.post('/runs', body).catch((error: Error) => ({ id: undefined, status: error.message }));
  if (!started.id) return { name, status: refused ? 'refused' : JSON.stringify(started).slice(0, 200), right: refused };
  // Asked only once it must have ended, because thirty runs that are asked for every other second are a load of their own.
  await setTimeout(LIMIT_S * 1_000);
  const until = performance.now() + SLACK_S * 1_000;
  let status = 'running';
  while ((status === 'running' || status === 'waiting') && performance.now() < until) {
    status = (await api.get(`/runs/${started.id}`).catch(() => ({ status }))).status ?? status;
    await setTimeout(2_000);
  }
  return { name, status, right: status !== 'running' && status !== 'waiting' };
}
