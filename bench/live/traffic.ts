import { setTimeout } from 'node:timers/promises';
import { apiAt } from '../api.ts';

/** A graph with a step and a wait. */
export const GRAPH = {
  blok: 1,
  name: 'live',
  execution: 'durable',
  nodes: {
    keep: { uses: 'kv.set', with: { key: '${{ input.n }}', value: 1 } },
    pause: { uses: 'wait', needs: ['keep'], with: { for: '1s' } },
  },
};

/** A server that can be killed and started again. */
export interface Killable {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Started runs, and when nothing was being killed. */
export interface Traffic {
  readonly started: readonly string[];
  readonly calm: readonly (readonly [from: number, to: number])[];
}

/** How long each server is away. */
const AWAY_MS = { api: 1_000, redis: 2_000 } as const;
/** How long all find each other again. */
const AGAIN_MS = 3_000;

/** Starts runs all the time, and kills one server after the other. */
export async function drive(
  { startAt, ...servers }: { api: Killable; redis: Killable; startAt: string },
  scenario: { runsPerSecond: number; calmMs: number; restarts: readonly ('api' | 'redis')[] },
): Promise<Traffic> {
  const started: string[] = [];
  const calm: [number, number][] = [];
  let isOver = false;
  const starting = (async () => {
    for (let n = 0; !isOver; n++) {
      void start(startAt, n).then((id) => void (id && started.push(id)));
      await setTimeout(1_000 / scenario.runsPerSecond);
    }
  })();
  const wait = async () => {
    const from = Date.now();
    await setTimeout(scenario.calmMs);
    calm.push([from, Date.now()]);
  };
  await wait();
  for (const server of scenario.restarts) {
    await servers[server].kill();
    await setTimeout(AWAY_MS[server]);
    await servers[server].start();
  }
  await setTimeout(AGAIN_MS);
  await wait();
  isOver = true;
  await starting;
  await setTimeout(AGAIN_MS);
  return { started, calm };
}

/** Starts a run, and again under the same key if there is no answer. The id of the run. */
async function start(url: string, n: number): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `live-${n}` };
  const init = { method: 'POST', headers, body: JSON.stringify({ input: { n: String(n) } }) };
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = await fetch(`${url}/api/workflows/live/runs`, init).catch(() => null);
    if (answer?.ok) return ((await answer.json()) as { id: string }).id;
    await setTimeout(500);
  }
  return undefined;
}

/** The runs that have ended. */
export async function endedOf(url: string, runs: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const run of runs) {
    const { status } = await apiAt(url).get(`/runs/${run}`);
    if (status !== 'running' && status !== 'waiting') ended.push(run);
  }
  // What has just ended is still on its way.
  await setTimeout(2_000);
  return ended;
}
