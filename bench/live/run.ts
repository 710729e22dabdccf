import { startRedis } from '../../scripts/testing/redis.ts';
import { conclude } from '../results.ts';
import { startServers } from '../servers.ts';
import { percentile } from '../statistics.ts';
import { type Followed, followRuns } from './follow.ts';
import { mistakesOf } from './mistakes.ts';

const CLIENTS = 200;
const RUNS_PER_SECOND = 5;
/** How long after something has happened 95 of 100 clients know it. */
const LAG_MS = 150;

/**
 * Two hundred clients follow all runs, first undisturbed, then while an API and Redis are killed and started again.
 *
 * @returns false if a client missed an event or got one twice, or heard of it too late while nothing was killed
 */
export async function benchLive({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  const servers = await startServers();
  const redis = await startRedis();
  try {
    const { databaseUrl, address: temporalAddress } = servers;
    const followed = await followRuns(
      { databaseUrl, temporalAddress, redis },
      {
        clients: CLIENTS,
        runsPerSecond: RUNS_PER_SECOND,
        calmMs: quick ? 5_000 : 30_000,
        restarts: ['api', 'redis'],
      },
    );
    return report(followed, write);
  } finally {
    await redis.dispose();
    await servers.stop();
  }
}

function report(followed: Followed, write: boolean): boolean {
  const { clients, traffic } = followed;
  const { gaps, doubles, resyncs } = mistakesOf(followed);
  const heard = clients.flatMap((client) => client.heard);
  const isCalm = (at: number) => traffic.calm.some(([from, to]) => at > from && at < to);
  const lags = heard.flatMap(({ at, lagMs }) => (isCalm(at) ? [lagMs] : []));
  const breaks = clients.reduce((sum, client) => sum + client.breaks, 0);
  const [p50, p95] = [percentile(lags, 0.5), percentile(lags, 0.95)];
  const longest = lags.reduce((most, lag) => Math.max(most, lag), 0);
  const table = [
    `| clients | runs | events | connections that broke | gaps | doubles | resyncs | lag: median | p95 | longest |`,
    '|---|---|---|---|---|---|---|---|---|---|',
    `| ${clients.length} | ${traffic.started.length} | ${heard.length} | ${breaks} | ${gaps} | ${doubles} | ${resyncs} | ${p50} ms | ${p95} ms | ${longest} ms |`,
  ].join('\n');
  const missed = [
    ...(gaps > 0 ? [`${gaps} ends of runs did not reach a client`] : []),
    ...(doubles > 0 ? [`${doubles} events came twice`] : []),
    ...(resyncs > 0 ? [`${resyncs} times a client was told to look at everything anew`] : []),
    ...(p95 > LAG_MS ? [`p95 of the lag: ${p95} ms, over ${LAG_MS} ms`] : []),
  ];
  return conclude('live', { table, missed, write });
}
