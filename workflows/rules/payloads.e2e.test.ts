/**
 * Nothing in history is large (interpreter README §1): a payload over 2 MB makes the server end the run, and a message
 * over 4 MB makes it repeat the task forever.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeEvent, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { soundResultOf } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

describeWith(['temporal'], 'what is large', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes });
  });
  afterAll(() => test.dispose());

  const graph = (body: object): string => JSON.stringify({ blok: 1, name: 'large', ...body });

  const soundly = (handle: WorkflowHandle) => soundResultOf(test.client, handle);

  const text = { uses: 'set', with: { value: '${{ input.repeat(9000) }}' } };
  const hundred = 'x'.repeat(100);

  it('parameters of 2.5 MB', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          text,
          sent: {
            uses: 'test.count',
            needs: ['text'],
            with: { of: ['${{ nodes.text }}', '${{ nodes.text }}', '${{ nodes.text }}'] },
          },
        },
        output: '${{ nodes.sent.count }}',
      }),
      { input: hundred },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 3 });
  });

  it('parameters that name stored data a thousand times', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          data: { uses: 'test.big', with: { kb: 40 } },
          sent: { uses: 'test.count', needs: ['data'], with: { of: Array(2_500).fill('${{ nodes.data }}') } },
        },
        output: '${{ nodes.sent.count }}',
      }),
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 2_500 });
  });

  it('events that arrived before the steps that wait for them', async () => {
    const ids = Array.from({ length: 5 }, (_, i) => `e${i}`);
    const waits = ids.map((id) => [id, { uses: 'waitForEvent', needs: ['pause'], with: { event: 'early' } }]);
    const handle = await test.start(
      graph({
        nodes: { pause: { uses: 'wait', with: { for: '2s' } }, ...Object.fromEntries(waits) },
        output: ids.map((id) => `\${{ nodes.${id}.data.n }}`),
      }),
    );
    for (const [n, id] of ids.entries()) {
      const data = { n, text: 'x'.repeat(200_000) };
      await withWorkspace(test.database, WORKSPACE, (tx) => storeEvent(tx, { id, name: 'early', data }));
    }
    const { status, output } = await soundly(handle);
    expect(status).toBe('succeeded');
    expect((output as number[]).toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  it('parameters that are long in bytes rather than in characters', async () => {
    const handle = await test.start(
      graph({
        nodes: { sent: { uses: 'test.count', with: { of: '${{ input.repeat(2200) }}' } } },
        output: '${{ nodes.sent.count }}',
      }),
      { input: '語'.repeat(100) },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 220_000 });
  });

  it.each([
    [1_000, 100],
    [200, 300],
  ])('%i steps at once with %i00 characters each', async (width, times) => {
    const ids = Array.from({ length: width }, (_, i) => `s${i}`);
    const node = { uses: 'test.count', with: { of: `\${{ input.repeat(${times}) }}` } };
    const handle = await test.start(graph({ nodes: Object.fromEntries(ids.map((id) => [id, node])) }), {
      input: hundred,
    });
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded' });
  });

  it('what a trigger brings', async () => {
    const body = { ref: 'refs/heads/main', text: 'x'.repeat(3_000_000) };
    const handle = await test.start(
      graph({
        triggers: { hook: { uses: 'webhook' } },
        nodes: {
          main: { uses: 'if', needs: ['hook'], with: { test: "${{ trigger.body.ref == 'refs/heads/main' }}" } },
          size: {
            uses: 'set',
            needs: ['main.true'],
            with: { value: '${{ trigger.body.text.length + input.text.length }}' },
          },
          sent: { uses: 'test.count', needs: ['main.true'], with: { of: '${{ trigger.body.text }}' } },
        },
        output: ['${{ nodes.size }}', '${{ nodes.sent.count }}', '${{ trigger.body.ref }}'],
      }),
      { input: body, trigger: { id: 'hook', uses: 'webhook', body } },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: [6_000_000, 3_000_000, body.ref] });
  });

  it('the output of a run', async () => {
    const handle = await test.start(graph({ nodes: { text }, output: ['${{ nodes.text }}', '${{ nodes.text }}'] }), {
      input: hundred,
    });
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: null, outputRef: { size: 1_800_007 } });
  });

  it('what a computation over stored data reads in addition', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          text,
          data: { uses: 'test.big', with: { kb: 40 } },
          both: {
            uses: 'set',
            needs: ['text', 'data'],
            join: 'all',
            with: { value: '${{ nodes.text.length + nodes.data.text.slice(0, 3).length }}' },
          },
        },
        output: '${{ nodes.both }}',
      }),
      { input: hundred },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 900_003 });
  });

  it('the details and the message of a failure', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          text,
          no: {
            uses: 'fail',
            needs: ['text'],
            with: { code: 'no.good', message: '${{ nodes.text }}', details: '${{ nodes.text }}' },
          },
        },
      }),
      { input: hundred },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'failed', error: { code: 'no.good' } });
  });

  it('what an approval shows', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          text,
          ok: {
            uses: 'approval',
            needs: ['text'],
            timeout: '2s',
            onError: 'continue',
            with: { to: ['role:ops'], title: 'Go?', message: '${{ nodes.text }}' },
          },
        },
      }),
      { input: hundred },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded' });
  });

  it('the input and the output of a called run', async () => {
    await test.publish('blok: 1\nname: called\nnodes: {}\noutput: "${{ input }}"');
    const handle = await test.start(
      graph({
        nodes: {
          text,
          call: {
            uses: 'workflow.run',
            needs: ['text'],
            with: { workflow: 'called', input: { t: '${{ nodes.text }}' } },
          },
          size: { uses: 'set', needs: ['call'], with: { value: '${{ nodes.call.t.length }}' } },
        },
        output: '${{ nodes.size }}',
      }),
      { input: hundred },
    );
    expect(await soundly(handle)).toMatchObject({ status: 'succeeded', output: 900_000 });
  });
});
