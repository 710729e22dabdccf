/** What happens in a run reaches those who follow it at another process than the one that does it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBus } from '../../bus/index.ts';
import { type Database, openDatabase } from '../../db/index.ts';
import { openRedis, type RedisLink } from '../../redis/link.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { startRedis, type TestRedis } from '../../scripts/testing/redis.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';
import { createApp } from '../app.ts';
import { type Context, createContext } from '../context.ts';
import { temporalRuns } from '../temporal/runs.ts';
import { depsBeside } from '../testing/beside-worker.ts';
import { listenTo } from './testing/listener.ts';

const GRAPH = {
  blok: 1,
  name: 'followed',
  nodes: {
    pause: { uses: 'wait', with: { for: '1500ms' } },
    keep: { uses: 'kv.set', needs: ['pause'], with: { key: 'k', value: 1 } },
    ask: { uses: 'approval', needs: ['keep'], with: { to: ['role:lead'], title: 'Go on?' } },
    lose: {
      uses: 'http.request',
      needs: ['ask.approved'],
      with: { url: 'http://127.0.0.1:1/' },
      retry: { maxAttempts: 1 },
    },
  },
};

interface Api {
  readonly ctx: Context;
  send(method: string, path: string, body?: object): Promise<Response>;
  close(): Promise<void>;
}

async function startApi(test: TestWorker, redisUrl: string | undefined): Promise<Api> {
  const runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default', taskQueue: test.taskQueue });
  const database: Database = openDatabase(test.databaseUrl, { max: 8 });
  const beside = depsBeside(test, runs);
  const redis: RedisLink | undefined = redisUrl === undefined ? undefined : await openRedis(redisUrl, beside.log);
  const bus = openBus({ redis, database });
  const deps = { ...beside, database, bus };
  const ctx = createContext(deps);
  const app = createApp(deps, ctx);
  const headers = { 'content-type': 'application/json' };
  return {
    ctx,
    send: async (method, path, body) =>
      app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
    close: async () => {
      ctx.feed.close();
      await bus.close();
      await redis?.close();
      await runs.close();
      await database.close();
    },
  };
}

describeWith(['temporal', 'redis'], 'those who follow a run', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.dispose());

  it.each(['Postgres', 'Redis'])('hear what it and its steps do, through %s', async (wire) => {
    const redisUrl = wire === 'Redis' ? redis.url : undefined;
    const test = await startTestWorker({ ...(redisUrl !== undefined && { redisUrl }) });
    const [here, there] = await Promise.all([startApi(test, redisUrl), startApi(test, redisUrl)]);
    try {
      const { id } = (await (await here.send('POST', '/api/runs', { graph: GRAPH })).json()) as { id: string };
      const listener = listenTo(await there.send('GET', `/api/stream?topics=run:${id}`));
      await listener.until((events) => events.some(({ event }) => event === 'approval.opened'));
      await here.send('POST', `/api/runs/${id}/approvals/ask`, { decision: 'approved', by: 'ada' });
      const isTold = (kind: string) => listener.events.some(({ event }) => event === kind);
      await listener.until(() => isTold('run.ended') && isTold('step.failed'));
      const told = listener.events.map(({ event, data }) =>
        [event, data.step ?? data.status].filter(Boolean).join(' '),
      );
      const wanted = [
        'step.started keep',
        'step.ended keep',
        'approval.opened ask',
        'approval.closed ask',
        'step.started lose',
        'step.failed lose',
        'run.ended failed',
      ];
      // What steps do is told a moment later than what their run does.
      expect(told.filter((one) => wanted.includes(one)).sort()).toEqual([...wanted].sort());
      await listener.stop();
    } finally {
      await here.close();
      await there.close();
      await test.dispose();
    }
  });
});
