/** What a long loop gathers stays out of history too (interpreter.md §1, §8): its list, its errors, its undo list. */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing.ts';
import { executionsOf, largestPayload, troubledTasks } from '../../worker/testing-history.ts';
import { testNodes } from '../../worker/testing-nodes.ts';

const LIMIT = 512 * 1024;

describeWith(['temporal'], 'a long loop', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  const graph = (body: object): string => JSON.stringify({ blok: 1, name: 'loop', ...body });

  async function soundly(handle: WorkflowHandle & { firstExecutionRunId?: string }) {
    const result = await resultOf(handle);
    const executions = await executionsOf(test.client, handle.workflowId, handle.firstExecutionRunId);
    expect(troubledTasks(executions)).toEqual([]);
    const { bytes, where } = largestPayload(executions);
    expect(bytes, where).toBeLessThanOrEqual(LIMIT);
    return result;
  }

  const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

  it('over a list made in the workflow, beside large values', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          wide: { uses: 'set', with: { value: "${{ 'x'.repeat(600000) }}" } },
          rows: { uses: 'set', with: { value: "${{ input.map(n => ({ n, text: 'y'.repeat(900) })) }}" } },
          each: {
            uses: 'forEach',
            needs: ['wide', 'rows'],
            join: 'all',
            with: { items: '${{ nodes.rows }}', concurrency: 2 },
            nodes: { one: { uses: 'set', with: { value: '${{ item.n + nodes.wide.length }}' } } },
            output: '${{ nodes.one }}',
          },
          last: { uses: 'set', needs: ['each'], with: { value: '${{ nodes.each.results.at(-1) }}' } },
        },
        output: '${{ nodes.last }}',
      }),
      { input: numbers(1_000) },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 600_999 });
  });

  it('in which every item fails', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          each: {
            uses: 'forEach',
            with: { items: '${{ input }}', concurrency: 4, onItemError: 'continue' },
            nodes: { no: { uses: 'fail', with: { code: 'no.good', message: "${{ 'Not good. '.repeat(40) }}" } } },
          },
          count: { uses: 'set', needs: ['each'], with: { value: '${{ nodes.each.errors.length }}' } },
        },
        output: '${{ nodes.count }}',
      }),
      { input: numbers(6_000) },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 6_000 });
  });

  it('whose effects must all be undone', async () => {
    const count = 1_200;
    const handle = await test.start(
      graph({
        nodes: {
          each: {
            uses: 'forEach',
            with: { items: '${{ input }}', concurrency: 100 },
            nodes: {
              book: {
                uses: 'test.echo',
                with: { value: '${{ item }}' },
                compensate: { uses: 'test.echo', with: { value: "${{ [item, 'z'.repeat(100), nodes.book?.value] }}" } },
              },
            },
          },
          no: { uses: 'fail', needs: ['each'], with: { code: 'no.good', message: 'no' } },
        },
      }),
      { input: numbers(count) },
    );
    const result = await soundly(handle);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'no.good' } });
    expect(result.error?.undo).toBeUndefined();
    const done = outside.done(result.runId);
    expect(done.filter((step) => step.endsWith('.compensate')).length).toBe(count);
  });
});
