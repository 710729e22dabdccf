/** Runs repeated from their steps, on a real Temporal. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type Operators, startOperators } from '../controls/testing/operators.ts';

const CHAIN = (last: string) => `nodes:
  a: { uses: test.echo, with: { value: "\${{ input.n }}" } }
  big: { uses: test.big, needs: [a], with: { kb: 80, n: 5 } }
  b: { uses: test.echo, needs: [big], with: { value: "\${{ nodes.big.n + nodes.a.value }}" } }
  c: { uses: ${last}, needs: [b] }
output: "\${{ [nodes.a.value, nodes.b.value, nodes.big.list[1]] }}"`;

describeWith(['temporal'], 'a run that is repeated', () => {
  let at: Operators;
  beforeAll(async () => {
    at = await startOperators();
  });
  afterAll(() => at?.dispose());

  const steps = (id: string) => at.calls.filter((call) => call.runId === id).map((call) => call.step);
  const rerun = (id: string, body: object, more: { key?: string; app?: number } = {}) =>
    at.send('POST', `/api/runs/${id}/rerun`, body, more);

  it('executes only what comes from the step on, by value and by reference, on any version', async () => {
    await at.publish('chain', CHAIN('test.echo'));
    const first = (await at.send('POST', '/api/workflows/chain/runs', { input: { n: 1 } })).body.id as string;
    const original = await at.ended(first);
    expect(original).toMatchObject({ status: 'succeeded', output: [1, 6, 6], error: null });
    await at.publish('chain', CHAIN('test.numbers, with: { count: 2 }'));

    const plan = await rerun(first, { from: 'b', dryRun: true });
    expect(plan).toMatchObject({ status: 200, body: { run: null, takenOver: ['a', 'big'], again: [] } });
    const both = await Promise.all([0, 1].map((app) => rerun(first, { from: 'b' }, { key: 'k1', app })));
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    const second = both[0]!.body.run.id as string;
    expect(both[1]!.body.run.id).toBe(second);
    const repeated = await at.ended(second);
    expect(repeated).toMatchObject({ status: 'succeeded', output: original.output, replayedFrom: first, version: 1 });
    expect(steps(second)).toEqual(['b', 'c']);

    const edited = await rerun(first, { from: 'b', version: 2, outputs: { a: { value: 10 } } });
    const third = await at.ended(edited.body.run.id);
    expect(third).toMatchObject({ output: [10, 15, 6], version: 2 });
    expect(steps(edited.body.run.id)).toEqual(['big', 'b', 'c']);

    const compared = await at.send('GET', `/api/runs/${first}/compare?with=${third.id}`);
    expect(compared.body).toMatchObject({ outputDiffers: true });
    expect(compared.body.steps.map(({ path }: { path: string }) => path)).toContain('b');
  });

  it('takes another input, and the graph of a run that was given one', async () => {
    const first = await at.start(CHAIN('test.echo'), { n: 1 });
    await at.ended(first);
    await at.restartWorker();
    const { body } = await rerun(first, { input: { n: 2 } });
    expect(await at.ended(body.run.id)).toMatchObject({ output: [2, 7, 6], version: null, replayedFrom: first });
    const { body: controls } = await at.send('GET', `/api/runs/${first}/controls`);
    expect(controls.items).toMatchObject([{ action: 'rerun', by: 'owner', outcome: 'done' }]);
    expect((await rerun(first, { from: 'nowhere' })).body.code).toBe('step.unknown');
  });

  it('goes on from a failed step inside of a loop', async () => {
    const first = await at.start(
      `nodes:
  each:
    uses: forEach
    with: { items: [1, 2, 3] }
    nodes:
      a: { uses: test.echo, with: { value: "\${{ item }}" } }
      f: { uses: test.flaky, needs: [a], with: { failures: "\${{ item == input.bad ? 9 : 0 }}", permanent: true } }
    output: "\${{ nodes.a.value }}"
output: "\${{ nodes.each.results }}"`,
      { bad: 2 },
    );
    expect(await at.ended(first)).toMatchObject({ status: 'failed' });
    const { body } = await rerun(first, { from: 'each[1].f', input: { bad: 0 } });
    expect(await at.ended(body.run.id)).toMatchObject({ status: 'succeeded', output: [1, 2, 3] });
    expect(steps(body.run.id)).toEqual(['each[1].f', 'each[2].a', 'each[2].f']);
  });

  it('runs a part of a graph: up to a node, from a step on, with pins', async () => {
    const graph = `blok: 1\nname: operated\n${CHAIN('test.echo')}`;
    const upTo = await at.send('POST', '/api/runs', { graph, input: { n: 3 }, until: 'big' });
    expect((await at.ended(upTo.body.id)).output).toMatchObject({ n: 5 });
    expect(steps(upTo.body.id)).toEqual(['a', 'big']);
    const pinless = await at.send('POST', '/api/runs', { graph, from: 'b' });
    expect(pinless.body).toMatchObject({ code: 'outputs.missing', detail: expect.stringContaining('a, big') });
    const pins = { a: { value: 1 }, big: { n: 1, list: [1, 2], text: '' } };
    const from = await at.send('POST', '/api/runs', { graph, from: 'b', pins });
    expect((await at.ended(from.body.id)).output).toEqual([1, 2, 2]);
    expect(steps(from.body.id)).toEqual(['b', 'c']);
  });
});
