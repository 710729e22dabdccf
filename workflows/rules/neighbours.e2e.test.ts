/** No run takes the places that the steps of other runs need. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { startGraphWorker } from '../../worker/testing/graph-worker.ts';
import { eventsWith, executionsOf } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

const script = (source: string, more: object = {}) => ({ uses: 'code.javascript', with: { source }, ...more });
const ENDLESS = { source: 'for (;;) {}', timeout: '10s' };
const graph = (name: string, nodes: object, output: unknown = 1) => JSON.stringify({ blok: 1, name, nodes, output });
const times = (count: number, node: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, node]));

/** Less than any of the long steps takes. */
const SOON_MS = 9_000;

describeWith(['temporal'], 'beside a run that does much', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  /** How long a run takes beside others that are cancelled afterwards. */
  async function timeBeside(floods: readonly string[], small: string): Promise<number> {
    const started = await Promise.all(floods.map((flood) => test.start(flood)));
    await setTimeout(1_500);
    const began = Date.now();
    const result = await resultOf(await test.start(small));
    const took = Date.now() - began;
    expect(result).toMatchObject({ status: 'succeeded' });
    for (const handle of started) await handle.cancel();
    for (const handle of started) await resultOf(handle);
    return took;
  }

  /** The task queues to which a run sent its steps, without what they have in common, and the heartbeats of the steps, in ms. */
  async function sentBy(document: string): Promise<{ queue: string; heartbeat: number }[]> {
    const handle = await test.start(document);
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    const executions = await executionsOf(test.client, handle.workflowId);
    return eventsWith(executions, 'activityTaskScheduledEventAttributes').map(({ taskQueue, heartbeatTimeout }) => ({
      queue: taskQueue?.name?.replace(test.taskQueue, '') ?? '',
      heartbeat: Number(heartbeatTimeout?.seconds ?? 0) * 1_000,
    }));
  }

  const queuesOf = async (document: string): Promise<string[]> => (await sentBy(document)).map(({ queue }) => queue);

  const step = graph('step', { a: { uses: 'test.echo', with: { value: 1 } } });
  const oneScript = graph('script', { a: script('return 1') });

  it('a step starts at once, however many calls of another run wait for their answers', async () => {
    const slow = { uses: 'test.slow', with: { ms: 30_000 } };
    const floods = ['a', 'b', 'c'].map((name) => graph(`calls-${name}`, times(600, slow)));
    expect(await timeBeside(floods, step)).toBeLessThan(SOON_MS);
  });

  it('a script starts soon, however many long scripts another run has, or other runs have', async () => {
    const long = { ...script(''), with: ENDLESS, onError: 'continue' };
    expect(await timeBeside([graph('many', times(40, long))], oneScript)).toBeLessThan(SOON_MS);
    const runs = Array.from({ length: 10 }, (_, i) => graph(`long-${i}`, { a: long }));
    expect(await timeBeside(runs, oneScript)).toBeLessThan(SOON_MS);
  });

  it('a run with many steps at once sends all but the first to a queue of their own', async () => {
    const wide = await queuesOf(graph('wide', times(20, { uses: 'test.echo', with: { value: 1 } })));
    expect(wide.toSorted()).toEqual([...Array(16).fill(''), ...Array(4).fill('-crowd')]);
    expect(await queuesOf(graph('scripts', times(6, script('return 1'))))).toEqual([
      ...Array(4).fill('-code'),
      ...Array(2).fill('-code-crowd'),
    ]);
  });

  it('the steps of a crowd send fewer heartbeats, if no scarce place and no cancelled run waits for them', async () => {
    const sent = async (node: object): Promise<unknown[]> => {
      const all = await sentBy(graph('beats', times(18, node)));
      return [...new Set(all.map(({ queue, heartbeat }) => `${queue} ${heartbeat}`))].toSorted();
    };
    const echo = { uses: 'test.echo', with: { value: 1 } };
    const within = (attemptTimeout: string): object => ({ ...echo, retry: { attemptTimeout }, timeout: '5m' });
    expect(await sent(within('2m'))).toEqual([' 10000', '-crowd 30000']);
    expect(await sent(within('30s'))).toEqual([' 10000', '-crowd 15000']);
    expect(await sent(within('11s'))).toEqual([' 10000', '-crowd 10000']);
    expect(await sent(within('10s'))).toEqual([' 0', '-crowd 0']);
    expect(await sent({ ...within('2m'), compensate: echo })).toEqual([' 10000', '-crowd 10000']);
    expect(await sent(script('return 1'))).toEqual(['-code 10000', '-code-crowd 10000']);
  });

  it('a step that is given up stands in line until its worker must have heard of that', async () => {
    const late = { uses: 'test.slow', timeout: '100ms', retry: { maxAttempts: 1 }, with: { ms: 30_000 } };
    const input = { items: `\${{ Array.from({ length: 40 }) }}`, concurrency: 10, onItemError: 'continue' };
    const queues = await queuesOf(graph('late', { each: { uses: 'forEach', with: input, nodes: { late } } }));
    expect(queues).toHaveLength(40);
    expect(queues.filter((name) => name === '')).toHaveLength(16);
  });

  it('a step that waits for its turn is not late, and at its turn it keeps its limits', async () => {
    const busy = { source: 'const end = Date.now() + 1200; while (Date.now() < end); return 1', timeout: '10s' };
    const endless = { ...script(''), timeout: '2s', onError: 'continue', retry: { maxAttempts: 1 }, with: ENDLESS };
    // Together the scripts take longer than the limit of each.
    const nodes = { ...times(12, { uses: 'code.javascript', timeout: '4s', with: busy }), endless };
    const result = await resultOf(await test.start(graph('limits', nodes, `\${{ errors.endless.code }}`)));
    expect(result).toMatchObject({ status: 'succeeded', output: 'timeout' });
  });
});

describeWith(['temporal'], 'a worker that stops', () => {
  it('hands back the scripts that wait for their turn, without using up their attempts', async () => {
    const test = await startTestWorker();
    const long = { source: 'const end = Date.now() + 4000; while (Date.now() < end); return 1', timeout: '10s' };
    const nodes = times(4, { uses: 'code.javascript', retry: { maxAttempts: 1 }, with: long });
    const handles = [await test.start(graph('first', nodes)), await test.start(graph('second', nodes))];
    await setTimeout(1_500);
    await test.worker.stop();
    const { address } = sharedTemporal();
    const next = await startGraphWorker({ address, databaseUrl: test.databaseUrl, taskQueue: test.taskQueue });
    for (const handle of handles) expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    await next.dispose();
    await test.dispose();
  });
});
