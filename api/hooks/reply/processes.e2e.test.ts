/**
 * Callers wait at two API processes for runs whose worker is a third one, through Redis and through Postgres, and while
 * Redis is killed or hangs. Each process is what it needs of one: its own connections, and nothing shared in memory.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBus } from '../../../bus/index.ts';
import { getTrigger, openDatabase, parseKeyring, triggerToken, withWorkspace } from '../../../db/index.ts';
import { until } from '../../../embedded/process/wait.ts';
import { openRedis, type RedisLink } from '../../../redis/link.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { startRedis, type TestRedis } from '../../../scripts/testing/redis.ts';
import { sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { openThrottle } from '../../../throttle/index.ts';
import { startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../../../worker/testing/worker.ts';
import { createApp } from '../../app.ts';
import { temporalRuns } from '../../temporal/runs.ts';
import { depsBeside } from '../../testing/beside-worker.ts';

/** Answers after a pause, and goes on. */
const GRAPH = {
  blok: 1,
  name: 'answers',
  triggers: { in: { uses: 'webhook', with: { verify: 'none', reply: 'sync', replyWithin: '30s' } } },
  nodes: {
    pause: { uses: 'wait', with: { for: '${{ input.pause }}' } },
    say: { uses: 'respond', needs: ['pause'], with: { status: 201, body: '${{ input.id }}' } },
    rest: { uses: 'wait', needs: ['say'], with: { for: '1h' } },
  },
};
const RATE = 100;

interface ApiProcess {
  readonly redis: RedisLink | undefined;
  send(method: string, path: string, body?: object): Promise<Response>;
  close(): Promise<void>;
}

async function startApiProcess(test: TestWorker, redisUrl: string | undefined): Promise<ApiProcess> {
  const runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default', taskQueue: test.taskQueue });
  const database = openDatabase(test.databaseUrl, { max: 8 });
  const beside = depsBeside(test, runs);
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, beside.log);
  const bus = openBus({ redis, database });
  const throttle = openThrottle({ redis, bus });
  const deps = { ...beside, database, bus, throttle, hookRate: RATE, ...(redis && { isRedisUp: redis.isUp }) };
  const app = createApp(deps);
  return {
    redis,
    send: async (method, path, body) =>
      app.request(path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    close: async () => {
      throttle.close();
      await bus.close();
      await redis?.close();
      await runs.close();
      await database.close();
    },
  };
}

/** Publishes the graph under a name, and returns the address of its webhook. */
async function published(test: TestWorker, api: ApiProcess, name: string): Promise<string> {
  expect((await api.send('PUT', `/api/workflows/${name}`, { graph: { ...GRAPH, name } })).status).toBe(201);
  const token = await withWorkspace(test.database, WORKSPACE, async (tx) => {
    const { rotation, tokenKey } = (await getTrigger(tx, { workflow: name, id: 'in' }))!;
    return triggerToken(tx, parseKeyring(TEST_KEY), { workflow: name, id: 'in', rotation, tokenKey: tokenKey! });
  });
  return `/hooks/${token}`;
}

/** What callers at all processes were answered, and how long the fastest of them waited beyond the pause. */
async function answersOf(
  apis: readonly ApiProcess[],
  at: string,
  { count, pauseMs }: { count: number; pauseMs: number },
) {
  const waits: number[] = [];
  const calls = Array.from({ length: count }, async (_, n) => {
    const begun = performance.now();
    const answer = await apis[n % apis.length]!.send('POST', at, { id: `c${n}`, pause: `${pauseMs}ms` });
    const text = await answer.text();
    waits.push(performance.now() - begun - pauseMs);
    return `${answer.status} ${text}`;
  });
  const answers = await Promise.all(calls);
  return { answers, expected: answers.map((_, n) => `201 c${n}`), fastestMs: Math.min(...waits) };
}

/** Waiters look once a second, from the moment in which they begin to wait: an answer between two looks was told. */
async function isTold(apis: readonly ApiProcess[], at: string): Promise<void> {
  const told = async () => {
    const { answers, expected, fastestMs } = await answersOf(apis, at, { count: 2, pauseMs: 1_200 });
    expect(answers).toEqual(expected);
    return fastestMs < 600;
  };
  expect(await until(told, { withinMs: 30_000, everyMs: 0 })).toBe(true);
}

describeWith(['temporal'], 'an answer from another process, on Postgres', () => {
  let test: TestWorker;
  let apis: ApiProcess[];
  beforeAll(async () => {
    test = await startTestWorker();
    apis = await Promise.all([startApiProcess(test, undefined), startApiProcess(test, undefined)]);
  });
  afterAll(async () => {
    for (const api of apis ?? []) await api.close();
    await test?.dispose();
  });

  it('is told to the process that waits for it', async () => {
    await isTold(apis, await published(test, apis[0]!, 'postgres'));
  });
});

describeWith(['temporal', 'redis'], 'an answer from another process, on Redis', () => {
  let server: TestRedis;
  let test: TestWorker;
  let apis: ApiProcess[];
  beforeAll(async () => {
    server = await startRedis();
    test = await startTestWorker({ redisUrl: server.url });
    apis = await Promise.all([startApiProcess(test, server.url), startApiProcess(test, server.url)]);
    await areUp(true);
  });
  afterAll(async () => {
    for (const api of apis ?? []) await api.close();
    await test?.dispose();
    await server?.dispose();
  });

  const areUp = async (wanted: boolean) => {
    const are = () => apis.every(({ redis }) => redis!.isUp() === wanted);
    expect(await until(are, { withinMs: 15_000, everyMs: 20 })).toBe(true);
    const states = await Promise.all(apis.map(async (api) => (await api.send('GET', '/api/health/ready')).json()));
    expect(states).toEqual(Array(2).fill(expect.objectContaining({ status: 'ready', redis: wanted ? 'ok' : 'down' })));
  };
  /** How many of a flood at both processes were let in. Their requests are no JSON, so that none starts a run. */
  const letIn = async (at: string) => {
    const flood = Array.from({ length: 2 * 4 * RATE }, (_, n) => apis[n % 2]!.send('PATCH', at));
    return (await Promise.all(flood)).filter(({ status }) => status !== 429).length;
  };

  it('is told to the process that waits for it', async () => {
    await isTold(apis, await published(test, apis[0]!, 'redis'));
  });

  it.each(['killed', 'hung'])(
    'comes right to every caller while Redis is %s, and limits stay',
    { timeout: 60_000 },
    async (how) => {
      const [at, flooded] = [await published(test, apis[0]!, how), await published(test, apis[0]!, `flooded-${how}`)];
      const waiting = answersOf(apis, at, { count: 20, pauseMs: 1_500 });
      const begunRuns = async () => {
        const list = (await (await apis[0]!.send('GET', `/api/runs?workflow=${how}`)).json()) as { items: unknown[] };
        return list.items.length > 0;
      };
      expect(await until(begunRuns, { withinMs: 10_000, everyMs: 20 })).toBe(true);
      if (how === 'killed') await server.kill();
      else server.hang();
      const { answers, expected } = await waiting;
      expect(answers).toEqual(expected);
      await areUp(false);
      const begun = performance.now();
      // Each process alone: a quarter of the burst, and of what the rate brings meanwhile.
      const alone = await letIn(flooded);
      const most = (ms: number, rate: number) => 2 * rate + (rate * ms) / 1_000;
      expect(alone).toBeGreaterThanOrEqual(2 * (RATE / 2));
      expect(alone).toBeLessThanOrEqual(2 * most(performance.now() - begun, RATE / 4) + 2);
      const during = await answersOf(apis, at, { count: 4, pauseMs: 100 });
      expect(during.answers).toEqual(during.expected);
      if (how === 'killed') await server.start();
      else server.goOn();
      await areUp(true);
      await isTold(apis, at);
      const shared = await published(test, apis[0]!, `shared-${how}`);
      const again = performance.now();
      const together = await letIn(shared);
      expect(together).toBeGreaterThanOrEqual(2 * RATE);
      expect(together).toBeLessThanOrEqual(most(performance.now() - again, RATE) + 1);
    },
  );
});
