/**
 * A long loop and the run it belongs to are one thing: they are paused together and undone together (interpreter README
 * §6, §9).
 */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ActivityDeps } from '../../activities/base/deps.ts';
import { split } from '../../activities/store/lists.ts';
import { withWorkspace } from '../../db/index.ts';
import { allSteps } from '../../db/testing/all-steps.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../scripts/testing/temporal.ts';
import { executionsOf, troubledTasks } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import type { SplitInput } from '../activities.ts';
import type { RunView } from '../contract.ts';

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const runIdOf = (handle: WorkflowHandle): string => handle.workflowId.split('/').at(-1)!;

const SLOWLY = JSON.stringify({
  blok: 1,
  name: 'slowly',
  nodes: {
    each: {
      uses: 'forEach',
      with: { items: '${{ input }}', concurrency: 2 },
      nodes: { step: { uses: 'test.slow', with: { ms: 40 } } },
    },
  },
});

const CALLED = `
blok: 1
name: called
nodes:
  rounds:
    uses: while
    with: { state: 0, test: "\${{ index < 8 }}" }
    nodes: { step: { uses: test.slow, with: { ms: 50 } } }
    output: "\${{ state + 1 }}"
output: "\${{ nodes.rounds }}"
`;
const CALLER = JSON.stringify({
  blok: 1,
  name: 'caller',
  nodes: {
    call: { uses: 'workflow.run', with: { workflow: 'called' } },
    after: { uses: 'test.echo', needs: ['call'] },
  },
  output: '${{ nodes.call }}',
});

/** Every fifteenth of 510 items has an effect, and so has a loop beside them. The last node fails. */
const BOOKS = JSON.stringify({
  blok: 1,
  name: 'books',
  nodes: {
    each: {
      uses: 'forEach',
      with: { items: "${{ input.map(n => ({ n, text: 'y'.repeat(1500) })) }}", concurrency: 16 },
      nodes: {
        book: {
          uses: 'test.echo',
          if: '${{ item.n % 15 == 0 }}',
          compensate: { uses: 'test.echo' },
        },
      },
    },
    side: {
      uses: 'while',
      with: { state: 0, test: '${{ index < 8 }}' },
      nodes: { step: { uses: 'test.slow', with: { ms: 200 }, compensate: { uses: 'test.echo' } } },
    },
    no: { uses: 'fail', needs: ['each', 'side'], join: 'all', with: { code: 'no.good', message: 'no' } },
  },
});

describeWith(['temporal'], 'the chains of a long loop', () => {
  let temporal: OwnTemporal;
  let test: TestWorker;
  let splits: { began: () => void; goOn: Promise<void> } | undefined;
  const outside = testNodes();
  beforeAll(async () => {
    temporal = await ownTemporal({ 'limit.historyCount.suggestContinueAsNew': 50 });
    const blokSplit = async (input: SplitInput) => {
      splits?.began();
      await splits?.goOn;
      return split({ database: test.database } as ActivityDeps, input);
    };
    test = await startTestWorker({ address: temporal.address, nodes: outside.nodes, activities: { blokSplit } });
    await test.publish(CALLED);
  });
  afterAll(async () => {
    await test.dispose();
    await temporal.dispose();
  });

  const calls = (handle: WorkflowHandle): number =>
    outside.calls.filter(({ runId }) => runId === runIdOf(handle)).length;
  const pause = (handle: WorkflowHandle) => handle.executeUpdate('pause');
  const resume = (handle: WorkflowHandle) => handle.executeUpdate('resume');
  const starts = (handle: WorkflowHandle) => {
    const before = calls(handle);
    return expect.poll(() => calls(handle) - before, { timeout: 20_000 }).toBeGreaterThan(3);
  };
  /** Nothing starts for a second, long enough for ten items. */
  const rests = (handle: WorkflowHandle) =>
    expect
      .poll(
        async () => {
          const before = calls(handle);
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          return calls(handle) - before;
        },
        { timeout: 10_000, interval: 10 },
      )
      .toBe(0);
  const newest = async (workflowId: string): Promise<string> =>
    (await test.client.workflow.getHandle(workflowId).describe()).runId;

  it('are paused with the run, whatever goes on in a new execution meanwhile', async () => {
    const handle = await test.start(SLOWLY, { input: numbers(510) });
    const ids = [handle.workflowId, `${handle.workflowId}/each~0`, `${handle.workflowId}/each~1`];
    await starts(handle);
    await pause(handle);
    await rests(handle);
    expect(await handle.query<RunView>('ask')).toMatchObject({ status: 'paused' });
    await resume(handle);
    await starts(handle);
    // Enough messages to fill the histories of the run and of both chains. The last one pauses the run.
    const before = await Promise.all(ids.map(newest));
    const goneOn = async () => {
      await resume(handle);
      await pause(handle);
      const now = await Promise.all(ids.map(newest));
      return ids.filter((_, i) => before[i] === now[i]);
    };
    await expect.poll(goneOn, { timeout: 20_000, interval: 10 }).toEqual([]);
    await rests(handle);
    await resume(handle);
    await starts(handle);
    // A cancel overrides a pause.
    await pause(handle);
    await rests(handle);
    await handle.cancel();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    const keys = outside.calls.filter(({ runId }) => runId === runIdOf(handle)).map(({ key }) => key);
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('begin paused if the run was paused while it prepared them', async () => {
    const began = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    splits = { began: began.resolve, goOn: goOn.promise };
    const handle = await test.start(SLOWLY, { input: numbers(510) });
    await began.promise;
    await pause(handle);
    goOn.resolve();
    splits = undefined;
    await expect
      .poll(() => newest(`${handle.workflowId}/each~1`).catch(() => null), { timeout: 10_000 })
      .not.toBeNull();
    await rests(handle);
    expect(calls(handle)).toBe(0);
    await resume(handle);
    await starts(handle);
    await handle.cancel();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
  });

  it('are paused with the run, called runs are not', async () => {
    const handle = await test.start(CALLER);
    await expect
      .poll(
        () => outside.calls.some(({ step, key }) => step === 'rounds[0].step' && key.startsWith('default/called')),
        {
          timeout: 10_000,
        },
      )
      .toBe(true);
    await pause(handle);
    const stepsOf = async () =>
      (await handle.query<RunView>('ask')).steps.map(({ path, status }) => `${path} ${status}`);
    await expect.poll(stepsOf, { timeout: 10_000 }).toEqual(['call succeeded']);
    expect(calls(handle)).toBe(0);
    await resume(handle);
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: 8 });
  });

  it('return what they did: everything is undone newest first, across pages and together with steps beside the loop', async () => {
    const handle = await test.start(BOOKS, { input: numbers(510) });
    expect(await resultOf(handle)).toMatchObject({ status: 'failed', error: { code: 'no.good' } });
    const executions = await executionsOf(
      test.client,
      handle.workflowId,
      (handle as { firstExecutionRunId?: string }).firstExecutionRunId,
    );
    // The server does not accept the end of an execution that has not seen its last event.
    expect(troubledTasks(executions).filter((trouble) => !trouble.includes('UnhandledCommand'))).toEqual([]);
    const steps = await withWorkspace(test.database, WORKSPACE, (tx) => allSteps(tx, runIdOf(handle)));
    const endOf = new Map(steps.map(({ path, endedAt }) => [path, endedAt!]));
    const undone = outside.done(runIdOf(handle)).filter((step) => step.endsWith('.compensate'));
    expect(undone.length).toBe(34 + 8);
    const ends = undone.map((step) => endOf.get(step.slice(0, -'.compensate'.length))!);
    expect(ends).toEqual([...ends].sort().reverse());
    // They took turns: neither of them was undone as a whole before the other.
    const sides = undone.map((step) => step.startsWith('side')).join();
    expect(sides).toMatch(/true,false(,false)*,true/);
  });
});
