/** No run holds up other runs or overwhelms the server (interpreter README §1, §5). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type Execution, eventsWith, executionsOf, troubledTasks } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

const SMALL = 'blok: 1\nname: small\nnodes: { a: { uses: set, with: { value: 1 } } }\noutput: "${{ nodes.a }}"';

/** Longest time from the start of a workflow task to its end, in milliseconds. */
function longestTask(executions: readonly Execution[]): number {
  const at = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
    Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
  let longest = 0;
  for (const { events } of executions) {
    let began = 0;
    for (const event of events) {
      if (event.workflowTaskStartedEventAttributes) began = at(event.eventTime);
      if (event.workflowTaskCompletedEventAttributes) longest = Math.max(longest, at(event.eventTime) - began);
    }
  }
  return longest;
}

describeWith(['temporal'], 'a run that does much', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  it.each([
    ['few quick steps in flight', { ms: 200, count: 200, from: 13, to: 24 }],
    ['more slow steps in flight', { ms: 6_000, count: 300, from: 100, to: 300 }],
  ])('has %s', async (_, { ms, count, from, to }) => {
    const node = { uses: 'test.slow', with: { ms } };
    const nodes = Object.fromEntries(Array.from({ length: count }, (_each, i) => [`s${i}`, node]));
    const handle = await test.start(JSON.stringify({ blok: 1, name: 'wide', nodes }));
    let most = 0;
    let over = false;
    const ended = resultOf(handle).finally(() => {
      over = true;
    });
    while (!over) most = Math.max(most, (await handle.describe()).raw.pendingActivities?.length ?? 0);
    expect(await ended).toMatchObject({ status: 'succeeded' });
    expect(most).toBeGreaterThanOrEqual(from);
    expect(most).toBeLessThanOrEqual(to);
    expect(troubledTasks(await executionsOf(test.client, handle.workflowId))).toEqual([]);
  });

  it('lets other runs work while it computes', async () => {
    const heavy = { uses: 'set', with: { value: '${{ input.reduce((sum, n) => (sum + n * 31) % 1000003, state) }}' } };
    const nodes = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`n${i}`, heavy]));
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'heavy',
        nodes: {
          loop: { uses: 'while', with: { state: 0, test: '${{ index < 130 }}' }, nodes, output: '${{ nodes.n5 }}' },
        },
        output: '${{ nodes.loop }}',
      }),
      { input: Array.from({ length: 2_000 }, (_, i) => i) },
    );
    let over = false;
    const ended = resultOf(handle).finally(() => {
      over = true;
    });
    const delays: number[] = [];
    while (!over) {
      const began = Date.now();
      await resultOf(await test.start(SMALL));
      delays.push(Date.now() - began);
    }
    expect(await ended).toMatchObject({ status: 'succeeded' });
    const executions = await executionsOf(test.client, handle.workflowId);
    expect(troubledTasks(executions)).toEqual([]);
    expect(eventsWith(executions, 'timerFiredEventAttributes').length).toBeGreaterThan(8);
    expect(longestTask(executions)).toBeLessThan(2_000);
    expect(delays.length).toBeGreaterThan(5);
    expect(Math.max(...delays)).toBeLessThan(2_500);
  });
});
