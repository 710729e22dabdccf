import { afterAll, beforeAll, expect, it } from 'vitest';
import { getRun, listRuns, withWorkspace } from '../../../db/index.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../../worker/testing/worker.ts';

const CALLED = `
blok: 1
name: called
input: { type: object, required: [n], properties: { n: { type: number } } }
vars: { factor: 10 }
nodes:
  big: { uses: if, with: { test: "\${{ input.n > 100 }}" } }
  no: { uses: fail, needs: [big.true], with: { code: too.big, message: "\${{ input.n }} is too big" } }
  yes: { uses: set, needs: [big.false], with: { value: "\${{ input.n * vars.factor }}" } }
output: "\${{ nodes.yes }}"
`;

const caller = (n: string, extra = '') => `
blok: 1
name: caller
nodes:
  call: { uses: workflow.run, with: { workflow: called, input: { n: ${n} }${extra} } }
output: "\${{ nodes.call }}"
`;

describeWith(['temporal'], 'workflow.run', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker();
    await test.publish(CALLED);
  });
  afterAll(() => test.dispose());

  it('runs a published workflow as a run of its own and returns its output', async () => {
    const result = await resultOf(await test.start(caller('4')));
    expect(result).toMatchObject({ status: 'succeeded', output: 40 });
    const { items: runs } = await withWorkspace(test.database, WORKSPACE, (tx) =>
      listRuns(tx, { limit: 10, workflow: 'called' }),
    );
    expect(runs).toMatchObject([{ workflow: 'called', version: 1, status: 'succeeded' }]);
    const run = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: runs[0]!.id }));
    expect(run?.trigger.by).toBe(`run:${result.runId}`);
  });

  it('fails with the error of the called run', async () => {
    expect(await resultOf(await test.start(caller('500')))).toMatchObject({
      status: 'failed',
      error: { code: 'too.big', step: 'call' },
    });
  });

  it('refuses input that does not fit, and workflows that are not published or not allowed', async () => {
    expect(await resultOf(await test.start(caller('"four"')))).toMatchObject({ error: { code: 'input.invalid' } });
    expect(
      await resultOf(await test.start(caller('4').replace('workflow: called', 'workflow: nowhere'))),
    ).toMatchObject({ error: { code: 'workflow.notFound' } });
    expect(await resultOf(await test.start(caller('4', ', allow: [other]')))).toMatchObject({
      error: { code: 'workflow.notAllowed' },
    });
  });

  it('fails with variables of the called run that are too large to carry', async () => {
    await test.publish(JSON.stringify({ blok: 1, name: 'laden', vars: { text: 'x'.repeat(70_000) }, nodes: {} }));
    const result = await resultOf(await test.start(caller('4').replace('workflow: called', 'workflow: laden')));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'vars.tooLarge', step: 'call' } });
  });

  it('does not wait if the step says so', async () => {
    const result = await resultOf(await test.start(caller('5', ', wait: false')));
    expect(result.output).toMatchObject({ run: expect.stringMatching(/^r[0-9a-z]{25}$/) });
  });
});
