/** Names, versions and identity at the border to Temporal (interpreter README §1, §5, §7). */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseGraph } from '../../graph/document/parse.ts';
import { validate } from '../../graph/validate/validate.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';
import { SEARCH_ATTRIBUTES, workflowType } from '../contract.ts';

describeWith(['temporal'], 'at the border to Temporal', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  const graph = (name: string): string =>
    `blok: 1\nname: ${name}\nnodes: { a: { uses: set, with: { value: ${name} } } }\noutput: "\${{ nodes.a }}"`;

  it.each(['constructor', 'default', 'valueof', 'then', 'prototype', 'blok-each', 'length'])(
    'a workflow may be called %s',
    async (name) => {
      expect(await resultOf(await test.start(graph(name)))).toMatchObject({ status: 'succeeded', output: name });
    },
  );

  it.each(['hasOwnProperty', 'blokEach', '__proto__'])('a workflow cannot be called %s', (name) => {
    const { problems } = parseGraph(graph(name));
    expect(problems.map((problem) => problem.path)).toContain('/name');
  });

  it('no workflow type of a run is an export of the bundle or a property of every object', async () => {
    const exports = Object.keys(await import('../index.ts'));
    const types = ['constructor', 'default', 'valueof', 'blok-each'].map(workflowType);
    for (const type of types) {
      expect(exports).not.toContain(type);
      expect(type in {}).toBe(false);
    }
  });

  it('a start that Blok did not make ends at once, with a reason', async () => {
    const options = { workflowId: `stray-${Date.now()}`, taskQueue: test.taskQueue, args: ['?'] };
    const error = await test.client.workflow.execute('anything~v1', options).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ cause: { type: 'start.invalid' } });
  });

  it('a run of a newer interpreter waits for a newer worker', async () => {
    const handle = await test.start(graph('newer'), { interpreterVersion: 99 });
    await expect
      .poll(async () => (await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  });

  it('a second start with the same id is refused, even once the first has ended', async () => {
    const start = { workflowId: `once-${Date.now()}`, workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const;
    await resultOf(await test.start(graph('once'), { start }));
    await expect(test.start(graph('once'), { start })).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
  });

  it('the namespace keeps closed runs for a week and knows the search attributes', async () => {
    const { workflowService, operatorService } = test.client.connection as never as {
      workflowService: {
        describeNamespace: (of: object) => Promise<{ config: { workflowExecutionRetentionTtl: { seconds: unknown } } }>;
      };
      operatorService: { listSearchAttributes: (of: object) => Promise<{ customAttributes: object }> };
    };
    const { config } = await workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config.workflowExecutionRetentionTtl.seconds)).toBeGreaterThanOrEqual(7 * 24 * 3_600);
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
  });

  it('a local step knows its path, and one that may take 6 s is refused', async () => {
    const local = (timeout: string): string =>
      JSON.stringify({
        blok: 1,
        name: 'local',
        nodes: {
          each: {
            uses: 'forEach',
            with: { items: [1, 2] },
            nodes: { one: { uses: 'test.echo', dispatch: 'local', timeout, with: { value: '${{ item }}' } } },
          },
        },
      });
    const result = await resultOf(await test.start(local('2s')));
    expect(outside.done(result.runId)).toEqual(['each[0].one', 'each[1].one']);
    expect(validate(parseGraph(local('2s')).graph!, { catalogue: test.catalogue })).toEqual([]);
    expect(validate(parseGraph(local('6s')).graph!, { catalogue: test.catalogue })).toMatchObject([
      { code: 'local-not-allowed' },
    ]);
  });
});
