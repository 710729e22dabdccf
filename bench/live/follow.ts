import { migrate } from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { apiAt, publish } from '../api.ts';
import { type LiveClient, startClient } from './client.ts';
import { startInstallation } from './processes.ts';
import { drive, endedOf, GRAPH, type Killable, type Traffic } from './traffic.ts';

/** The servers below Blok. */
export interface Below {
  /** Of an empty database. */
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly redis: Killable & { readonly url: string };
}

/** How much happens, and what is killed. */
export interface Scenario {
  readonly clients: number;
  readonly runsPerSecond: number;
  /** How long nothing is killed, before and after the restarts. */
  readonly calmMs: number;
  /** What is killed and started again, one after the other. */
  readonly restarts: readonly ('api' | 'redis')[];
}

/** What happened, and what each client heard of it. */
export interface Followed {
  readonly clients: readonly LiveClient[];
  /** Its runs are those that have ended: of the others nothing can be missing yet. */
  readonly traffic: Traffic;
}

/** Clients follow all runs, first undisturbed, then while an API and Redis are killed and started again. */
export async function followRuns(below: Below, { clients: count, ...scenario }: Scenario): Promise<Followed> {
  const { databaseUrl, temporalAddress, redis } = below;
  await migrate(databaseUrl);
  const installation = await startInstallation({ databaseUrl, temporalAddress, redisUrl: redis.url });
  const clients: LiveClient[] = [];
  try {
    const [api, other] = installation.apis;
    await publish(apiAt(other.url), GRAPH);
    for (let n = 0; n < count; n++) clients.push(startClient([api.url, other.url], 'runs', n));
    if (!(await until(() => clients.every(({ isReady }) => isReady), { withinMs: 30_000, everyMs: 100 })))
      throw new Error('The clients could not connect.');
    const traffic = await drive({ api, redis, startAt: other.url }, scenario);
    const endsOf = ({ heard }: LiveClient) => heard.filter(({ kind }) => kind === 'run.ended').length;
    await until(() => clients.every((client) => endsOf(client) >= traffic.started.length), {
      withinMs: 60_000,
      everyMs: 200,
    });
    return { clients, traffic: { ...traffic, started: await endedOf(other.url, traffic.started) } };
  } finally {
    for (const client of clients) client.stop();
    await installation.stop();
  }
}
