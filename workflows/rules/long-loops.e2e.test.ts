/**
 * What a long loop collects stays out of history, too (interpreter README §1, §8): its list, its errors, its undo list.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../scripts/testing/temporal.ts';
import {
  executionsOf,
  largestPayload,
  PAYLOAD_LIMIT,
  soundResultOf,
  troubledTasks,
} from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

describeWith(['temporal'], 'a long loop', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  const graph = (body: object): string => JSON.stringify({ blok: 1, name: 'loop', ...body });

  const soundly = (handle: WorkflowHandle) => soundResultOf(test.client, handle);

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

describeWith(['temporal'], 'a long loop that often goes on in a new execution', () => {
  let temporal: OwnTemporal;
  let test: TestWorker;
  beforeAll(async () => {
    temporal = await ownTemporal({ 'limit.historyCount.suggestContinueAsNew': 350 });
    test = await startTestWorker({ nodes: testNodes().nodes, address: temporal.address });
  });
  afterAll(async () => {
    await test?.dispose();
    await temporal?.dispose();
  });

  it('takes much along: what its body can read, its items and their results', async () => {
    const around = Array.from({ length: 8 }, (_, i) => `b${i}`);
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'loop',
        nodes: {
          rows: { uses: 'test.numbers', with: { count: 600 } },
          items: {
            uses: 'set',
            needs: ['rows'],
            with: { value: "${{ nodes.rows.list.map(n => ({ n, text: 'y'.repeat(290) })) }}" },
          },
          ...Object.fromEntries(around.map((id) => [id, { uses: 'test.big', with: { kb: 30 } }])),
          each: {
            uses: 'forEach',
            needs: ['items', ...around],
            join: 'all',
            with: { items: '${{ nodes.items }}' },
            nodes: {
              one: {
                uses: 'test.echo',
                with: {
                  value: `\${{ 'z'.repeat(1200) + (${around.map((id) => `nodes.${id}.text.length`).join(' + ')}) }}`,
                },
              },
            },
            output: '${{ nodes.one.value }}',
          },
        },
        output: '${{ nodes.each.results.every(text => text.length == 1206) }}',
      }),
    );
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: true });
    const executions = await executionsOf(test.client, handle.workflowId);
    expect(executions.length).toBeGreaterThan(5);
    expect(troubledTasks(executions)).toEqual([]);
    const { bytes, where } = largestPayload(executions);
    expect(bytes, where).toBeLessThanOrEqual(PAYLOAD_LIMIT);
    // Proves that this case tests something: without care the payload would be larger.
    expect(bytes).toBeGreaterThan(300_000);
  });
});
