/**
 * Whenever a run is told to stop, no run that it has called goes on, and no run that never began is in the index: on
 * real servers, at drawn moments. `workflows/called-runs.test.ts` tries thousands of them on a fake one.
 * `BLOK_MOMENTS=1000` asks for more than a few.
 */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { getRun, listRuns, withWorkspace } from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { eventsWith, executionsOf } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

const MOMENTS = Number(process.env.BLOK_MOMENTS ?? 30);
/** Longer than any of these runs takes to begin what it calls. */
const LATEST_MS = 400;

const caller = (nodes: object, rest: object = {}): string =>
  JSON.stringify({ blok: 1, name: 'caller', ...rest, nodes });
const call = { uses: 'workflow.run', with: { workflow: 'called' } };
const beside = (ms: number, permanent: boolean): object => ({
  slow: { uses: 'test.slow', with: { ms } },
  ends: { uses: 'test.flaky', needs: ['slow'], with: { failures: permanent ? 1 : 0, permanent } },
});

/** Each calls `called`, which waits for an hour, and ends after about this many milliseconds. */
const CALLERS: Record<string, (ms: number) => string> = {
  cancel: () => caller({ call }),
  timeout: (ms) => caller({ call }, { timeout: `${ms + 1}ms` }),
  failure: (ms) => caller({ call, ...beside(ms, true) }),
  race: (ms) => caller({ r: { uses: 'race', nodes: { call, fast: { uses: 'test.slow', with: { ms } } } } }),
  items: () =>
    caller({ each: { uses: 'forEach', concurrency: 20, with: { items: Array(20).fill(1) }, nodes: { call } } }),
};

describeWith(['temporal'], 'called runs', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes, maxDepth: 6 });
    await test.publish('blok: 1\nname: called\nnodes: { w: { uses: wait, with: { for: 1h } } }');
  });
  afterAll(() => test.dispose());

  const rows = (workflow: string) =>
    withWorkspace(test.database, WORKSPACE, async (tx) => (await listRuns(tx, { workflow, limit: 1_000 })).items);
  /** The open runs of one workflow in Temporal. */
  const open = async (workflow: string) => {
    const found: string[] = [];
    const query = `TaskQueue = "${test.taskQueue}" AND BlokWorkflow = "${workflow}" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of test.client.workflow.list({ query })) found.push(workflowId);
    return found;
  };

  it('end with the run that called them, whenever that ends', async () => {
    const kinds = Object.keys(CALLERS);
    for (let n = 0; n < MOMENTS; n++) {
      const ms = (inject('seed') + n * 7_919) % LATEST_MS;
      const kind = kinds[n % kinds.length]!;
      const handle = await test.start(CALLERS[kind]!(ms));
      if (kind === 'cancel' || kind === 'items') {
        await setTimeout(ms);
        await handle.cancel();
      }
      await resultOf(handle);
    }
    const left = await until(async () => (await open('called')).length === 0, { withinMs: 30_000, everyMs: 500 });
    expect(left ?? (await open('called'))).toBe(true);
    const statuses = (await rows('called')).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['cancelled']));
  }, 1_200_000);

  it('go on if no step waits for them', async () => {
    await test.publish('blok: 1\nname: told\nnodes: { w: { uses: wait, with: { for: 1h } } }');
    const tell = { uses: 'workflow.run', with: { workflow: 'told', wait: false } };
    const handle = await test.start(caller({ tell, w: { uses: 'wait', needs: ['tell'], with: { for: '1h' } } }));
    await expect.poll(() => open('told'), { timeout: 20_000 }).toHaveLength(1);
    await handle.cancel();
    await resultOf(handle);
    // A run does not end before its cancels have arrived.
    const [told] = await open('told');
    const executions = await executionsOf(test.client, told!);
    expect(eventsWith(executions, 'workflowExecutionCancelRequestedEventAttributes')).toEqual([]);
    await test.client.workflow.getHandle(told!).cancel();
  });

  const itself = (name: string, more: object = {}): string =>
    JSON.stringify({
      blok: 1,
      name,
      nodes: { again: { uses: 'workflow.run', with: { workflow: name } } },
      ...more,
    });

  it('can be nested only to a limit', async () => {
    await test.publish(itself('endless'));
    const handle = await test.start(itself('endless'));
    expect(await resultOf(handle)).toMatchObject({
      status: 'failed',
      error: { code: 'run.tooDeep', message: expect.stringContaining('BLOK_MAX_DEPTH') },
    });
    await expect.poll(async () => (await rows('endless')).map(({ status }) => status)).toEqual(Array(7).fill('failed'));
  });

  it('count as nested when a failure starts them', async () => {
    const fails = { fail: { uses: 'fail', with: { code: 'broken' } } };
    const text = JSON.stringify({ blok: 1, name: 'falls', onFailure: 'falls', nodes: fails });
    await test.publish(text);
    await resultOf(await test.start(text));
    // Each run starts the next one before it has ended.
    const ended = async () => (await rows('falls')).filter(({ endedAt }) => endedAt !== null).length;
    await expect
      .poll(async () => (await rows('falls')).length > 0 && (await ended()) === (await rows('falls')).length, {
        timeout: 30_000,
      })
      .toBe(true);
    expect(await rows('falls')).toHaveLength(7);
  });

  it('show what they were given, however large', async () => {
    await test.publish('blok: 1\nname: laden\ninput: { type: object }\nnodes: {}');
    const text = 'x'.repeat(100_000);
    const handle = await test.start(
      caller({ call: { uses: 'workflow.run', with: { workflow: 'laden', input: { text } } } }),
    );
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    const [row] = await rows('laden');
    expect(await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: row!.id }))).toMatchObject({
      status: 'succeeded',
      input: { text },
    });
  });
});
