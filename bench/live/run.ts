import { migrate } from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { startRedis } from '../../scripts/testing/redis.ts';
import { apiAt, publish } from '../api.ts';
import { conclude } from '../results.ts';
import { startServers } from '../servers.ts';
import { percentile } from '../statistics.ts';
import { type LiveClient, startClient } from './client.ts';
import { type Installation, startInstallation } from './processes.ts';

const CLIENTS = 200;
const RUNS_PER_SECOND = 5;
/** How long after something has happened 95 of 100 clients know it. */
const LAG_MS = 150;

const GRAPH = {
  blok: 1,
  name: 'live',
  execution: 'durable',
  nodes: {
    keep: { uses: 'kv.set', with: { key: '${{ input.n }}', value: 1 } },
    pause: { uses: 'wait', needs: ['keep'], with: { for: '1s' } },
  },
};

/** Started runs, and when nothing was being killed. */
interface Traffic {
  readonly started: string[];
  readonly calm: [from: number, to: number][];
}

/**
 * Two hundred clients follow all runs, first undisturbed, then while an API and Redis are killed and started again.
 *
 * @returns false if a client missed an event or got one twice, or heard of it too late while nothing was killed
 */
export async function benchLive({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  const servers = await startServers();
  const redis = await startRedis();
  await migrate(servers.databaseUrl);
  const { databaseUrl, address: temporalAddress } = servers;
  const installation = await startInstallation({ databaseUrl, temporalAddress, redisUrl: redis.url });
  const clients: LiveClient[] = [];
  try {
    const urls = installation.apis.map(({ url }) => url);
    await publish(apiAt(urls[1]!), GRAPH);
    for (let n = 0; n < CLIENTS; n++) clients.push(startClient(urls, 'runs', n));
    if (!(await until(() => clients.every(({ isReady }) => isReady), { withinMs: 30_000, everyMs: 100 })))
      throw new Error('The clients could not connect.');
    const traffic = await drive(installation, redis, quick ? 5_000 : 30_000);
    await until(() => clients.every((client) => endsOf(client) >= traffic.started.length), {
      withinMs: 60_000,
      everyMs: 200,
    });
    const ended = await endedOf(urls[1]!, traffic.started);
    return report(clients, { ...traffic, started: ended }, write);
  } finally {
    for (const client of clients) client.stop();
    await installation.stop();
    await redis.dispose();
    await servers.stop();
  }
}

const endsOf = ({ heard }: LiveClient): number => heard.filter(({ kind }) => kind === 'run.ended').length;

/** Starts runs all the time, and kills one server after the other. */
async function drive(
  { apis }: Installation,
  redis: { kill(): Promise<void>; start(): Promise<void> },
  calmMs: number,
): Promise<Traffic> {
  const traffic: Traffic = { started: [], calm: [] };
  let isOver = false;
  const starting = (async () => {
    for (let n = 0; !isOver; n++) {
      void start(apis[1].url, n).then((id) => void (id && traffic.started.push(id)));
      await sleep(1_000 / RUNS_PER_SECOND);
    }
  })();
  const calm = async () => {
    const from = Date.now();
    await sleep(calmMs);
    traffic.calm.push([from, Date.now()]);
  };
  await calm();
  await apis[0].kill();
  await sleep(1_000);
  await apis[0].start();
  await redis.kill();
  await sleep(2_000);
  await redis.start();
  await sleep(3_000);
  await calm();
  isOver = true;
  await starting;
  await sleep(3_000);
  return traffic;
}

/** Starts a run, and again under the same key if there is no answer. The id of the run. */
async function start(url: string, n: number): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `live-${n}` };
  const init = { method: 'POST', headers, body: JSON.stringify({ input: { n: String(n) } }) };
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = await fetch(`${url}/api/workflows/live/runs`, init).catch(() => null);
    if (answer?.ok) return ((await answer.json()) as { id: string }).id;
    await sleep(500);
  }
  return undefined;
}

/** The runs that have ended: of the others nothing can be missing yet. */
async function endedOf(url: string, runs: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const run of runs) {
    const { status } = await apiAt(url).get(`/runs/${run}`);
    if (status !== 'running' && status !== 'waiting') ended.push(run);
  }
  // What has just ended is still on its way.
  await sleep(2_000);
  return ended;
}

function report(clients: readonly LiveClient[], { started, calm }: Traffic, write: boolean): boolean {
  let [gaps, doubles, breaks, resyncs] = [0, 0, 0, 0];
  const lags: number[] = [];
  for (const client of clients) {
    breaks += client.breaks;
    resyncs += client.resyncs;
    const ends = client.heard.filter(({ kind }) => kind === 'run.ended').map(({ run }) => run);
    const begins = client.heard.filter(({ kind }) => kind === 'run.started').map(({ run }) => run);
    doubles += ends.length - new Set(ends).size + (begins.length - new Set(begins).size);
    gaps += started.filter((run) => !ends.includes(run)).length;
    for (const { at, lagMs } of client.heard) if (calm.some(([from, to]) => at > from && at < to)) lags.push(lagMs);
  }
  const [p50, p95] = [percentile(lags, 0.5), percentile(lags, 0.95)];
  const table = [
    `| clients | runs | events | connections that broke | gaps | doubles | resyncs | lag: median | p95 | longest |`,
    '|---|---|---|---|---|---|---|---|---|---|',
    `| ${clients.length} | ${started.length} | ${clients.reduce((sum, { heard }) => sum + heard.length, 0)} | ${breaks} | ${gaps} | ${doubles} | ${resyncs} | ${p50} ms | ${p95} ms | ${Math.max(...lags)} ms |`,
  ].join('\n');
  const missed = [
    ...(gaps > 0 ? [`${gaps} ends of runs did not reach a client`] : []),
    ...(doubles > 0 ? [`${doubles} events came twice`] : []),
    ...(resyncs > 0 ? [`${resyncs} times a client was told to look at everything anew`] : []),
    ...(p95 > LAG_MS ? [`p95 of the lag: ${p95} ms, over ${LAG_MS} ms`] : []),
  ];
  return conclude('live', { table, missed, write });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
