/** What closes a body, what undoes it and what starts first is the same on a server as in a dry run. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

const ORDERS = `
nodes:
  t:
    uses: try
    nodes: { k: { uses: test.echo, with: { value: 1 }, compensate: { uses: test.echo } } }
    finally: { nodes: { z: { uses: wait, with: { for: 3s } } } }
  w: { uses: wait, with: { for: 500ms } }
  n: { uses: test.echo, needs: [w], compensate: { uses: test.echo } }
  w2: { uses: wait, needs: [n], with: { for: 500ms } }
  f: { uses: fail, needs: [w2], with: { code: own.bad, message: no } }`;

describeWith(['temporal'], 'a body that fails', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  async function run(graph: string, given: { input?: unknown; interpreterVersion?: number } = {}) {
    const handle = await test.start(`blok: 1\nname: failing\n${graph}`, given as never);
    const result = await resultOf(handle);
    const done = outside.done(handle.workflowId.split('/').at(-1)!);
    return { ...result, done, undone: done.filter((step) => step.endsWith('.compensate')) };
  }

  it('keeps its failure when the timeout of its loop fires while an outcome is awaited', async () => {
    const { status, output, undone } = await run(`
nodes:
  e:
    uses: while
    timeout: 1500ms
    with: { state: 0, test: "\${{ state < 1 }}" }
    nodes:
      w: { uses: wait, with: { for: 500ms } }
      f: { uses: fail, needs: [w], with: { code: own.bad, message: no } }
      b: { uses: test.slow, with: { ms: 3000, listens: false }, compensate: { uses: test.echo } }
    output: "\${{ state + 1 }}"
  h: { uses: set, needs: [e.error], with: { value: "\${{ error.code + ' ' + error.step }}" } }
  late: { uses: set, needs: [e.timeout], with: { value: "\${{ error.code }}" } }
output: "\${{ nodes.h ?? nodes.late }}"`);
    expect([status, output, undone]).toEqual(['succeeded', 'own.bad e[0].f', ['e[0].b.compensate']]);
  });

  it('is undone newest first, together with the effects of a container whose finally was running', async () => {
    const { status, error, undone } = await run(ORDERS);
    expect([status, error?.code, undone]).toEqual(['failed', 'own.bad', ['n.compensate', 't.k.compensate']]);
  });

  it('is undone as before in a run that began with version 1', async () => {
    expect((await run(ORDERS, { interpreterVersion: 1 })).undone).toEqual(['t.k.compensate', 'n.compensate']);
  });

  it('starts nothing else when a stop becomes ready at the same time', async () => {
    const { status, output, done } = await run(
      'nodes: { a: { uses: test.echo }, z: { uses: stop, with: { output: 7 } } }',
    );
    expect([status, output, done]).toEqual(['succeeded', 7, []]);
  });
});

describeWith(['temporal'], 'the count of a forEach', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes });
  });
  afterAll(() => test.dispose());

  it('is the number of its items, even if child workflows run them in batches', async () => {
    const graph = `
blok: 1
name: counted
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", batch: 2, concurrency: 2 }
    nodes: { sum: { uses: set, with: { value: "\${{ item.length }}" } } }
    output: "\${{ nodes.sum }}"
output: { count: "\${{ nodes.each.count }}", batches: "\${{ nodes.each.results.length }}" }`;
    const handle = await test.start(graph, { input: Array.from({ length: 1_101 }, (_, i) => i) });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: { count: 1_101, batches: 551 } });
  });
});
