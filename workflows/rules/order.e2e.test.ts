/** Order is a contract (interpreter README §2): a worker that keeps no run replays every one at each of its tasks. */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox } from '../../bench/interpreter/sandbox.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { startInputOf } from '../../worker/testing/graph-worker.ts';
import { executionsOf, troubledTasks } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';
import { STRAY_CANCEL } from '../../worker/threads/stray-cancels.ts';
import { workflowType } from '../contract.ts';

/** Local and remote steps side by side, each with followers that start as it ends. */
function mixed(): string {
  const nodes: Record<string, object> = {};
  for (let i = 0; i < 8; i++) {
    const local = { dispatch: 'local', timeout: '2s' };
    nodes[`a${i}`] = { uses: 'test.slow', ...(i % 3 ? local : {}), with: { ms: (i * 37) % 50 } };
    nodes[`b${i}`] = { uses: 'test.echo', ...(i % 2 ? local : {}), needs: [`a${i}`], with: { value: i } };
    nodes[`c${i}`] = { uses: 'wait', needs: [`b${i}`], with: { for: `${(i * 13) % 40}ms` } };
    nodes[`d${i}`] = { uses: 'test.echo', ...(i % 2 ? {} : local), needs: [`c${i}`], with: { value: i } };
  }
  const ends = Array.from({ length: 8 }, (_, i) => `d${i}`);
  nodes.all = { uses: 'set', needs: ends, join: 'all', with: { value: ends.map((id) => `\${{ nodes.${id}.value }}`) } };
  return JSON.stringify({ blok: 1, name: 'mixed', nodes, output: '${{ nodes.all }}' });
}

/** More steps than may be in flight at first, local and remote ones, quick and slow: those that wait begin as others end, or by a timer. */
function crowded(): string {
  const nodes: Record<string, object> = {};
  for (const [id, ms] of [
    ['k', 500],
    ['l', 1_200],
  ] as const) {
    nodes[id] = { uses: 'test.slow', dispatch: 'local', timeout: '2s', with: { ms } };
    nodes[`w${id}`] = { uses: 'wait', needs: [id], with: { for: '300ms' } };
    nodes[`x${id}`] = { uses: 'test.echo', priority: 1, needs: [id], with: { value: id } };
  }
  const local = { dispatch: 'local', timeout: '2s' };
  for (let i = 0; i < 120; i++) {
    nodes[`t${i}`] = { uses: 'test.slow', ...(i % 3 ? {} : local), with: { ms: (i * 397) % (i % 3 ? 2_000 : 700) } };
    if (i % 2 === 0)
      nodes[`u${i}`] = { uses: 'test.echo', ...(i % 4 ? {} : local), needs: [`t${i}`], with: { value: i } };
  }
  return JSON.stringify({ blok: 1, name: 'crowded', nodes, output: '${{ nodes.xk.value + nodes.xl.value }}' });
}

describeWith(['temporal'], 'the order in which things are settled', () => {
  let forgetful: TestWorker;
  let test: TestWorker;
  beforeAll(async () => {
    const { nodes } = testNodes();
    forgetful = await startTestWorker({ nodes, maxCachedWorkflows: 1 });
    test = await startTestWorker({ nodes });
  });
  afterAll(async () => {
    await forgetful.dispose();
    await test.dispose();
  });

  it('is the same when a run is replayed at each of its tasks', async () => {
    const handles = await Promise.all(Array.from({ length: 4 }, () => forgetful.start(mixed())));
    for (const handle of handles) {
      const { status, output, error } = await resultOf(handle);
      expect({ status, output, error }).toEqual({ status: 'succeeded', output: [0, 1, 2, 3, 4, 5, 6, 7] });
      // A task that timed out on a busy machine, or was given back to make room, does not violate the order.
      expect(
        troubledTasks(await executionsOf(forgetful.client, handle.workflowId)).filter(
          (trouble) => !trouble.startsWith('timed out') && !trouble.includes(STRAY_CANCEL),
        ),
      ).toEqual([]);
    }
  });

  it.each([
    ['', mixed()],
    [', while steps wait for room', crowded()],
  ])('is the same when a run is replayed as a whole, local results all at once%s', async (_, graph) => {
    const handle = await test.start(graph);
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    await Worker.runReplayHistory(
      { workflowBundle: await workflowBundle() },
      await handle.fetchHistory(),
      handle.workflowId,
    );
  });

  it('of hours and days does not depend on the time zone of the worker', async () => {
    const text = '2026-03-29T02:30:00';
    const value = [
      `date.get('${text}', 'hour')`,
      `date.get(now, 'day')`,
      `date.startOf('${text}', 'day')`,
      `date.add('${text}', 1, 'month')`,
      `date.format('${text}', 'ddd D MMM YYYY, HH:mm')`,
      `date.diff('2026-03-28', '2026-03-30', 'hours')`,
    ].map((source) => `\${{ ${source} }}`);
    const graph = JSON.stringify({
      blok: 1,
      name: 'zones',
      nodes: { at: { uses: 'set', with: { value } } },
      output: '${{ nodes.at }}',
    });
    const run = await createSandbox(await workflowBundle());
    const input = startInputOf(graph, test.catalogue);
    const before = process.env.TZ;
    const outputs: { offset: number; result: unknown }[] = [];
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      process.env.TZ = zone;
      const { result } = await run({
        type: workflowType('zones'),
        input,
        startedAt: 1_774_742_400_000,
        activity: () => null,
      });
      outputs.push({ offset: new Date(0).getTimezoneOffset(), result });
    }
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
    expect(outputs[0]!.offset).not.toBe(outputs[1]!.offset);
    expect(outputs[0]!.result).toMatchObject({ status: 'succeeded' });
    expect(outputs[0]!.result).toEqual(outputs[1]!.result);
  });
});
