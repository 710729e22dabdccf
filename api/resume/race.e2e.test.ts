/** People answer one link at the same moment, at two API processes: the run takes one answer, and all are told rightly. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKv, getRunSummary, runIdOf, withWorkspace, workflowIdOf } from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import { createApp } from '../app.ts';
import type { Runs } from '../runs-port.ts';
import { temporalRuns } from '../temporal/runs.ts';
import { depsBeside } from '../testing/beside-worker.ts';

const notify =
  '{ uses: kv.set, with: { key: "${{ run.id }}-${{ KEY }}", value: "${{ resume.url }}", scope: workspace } }';
const APPROVAL = `
blok: 1
name: one-link
nodes:
  ask: { uses: approval, with: { to: ["user:lead"], title: Pay? }, notify: ${notify.replace('KEY', "'ask'")} }
  told: { uses: log, needs: [ask.approved, ask.rejected], with: { message: Decided } }
output: "\${{ { decision: nodes.ask.decision, comment: nodes.ask.comment } }}"
`;
const EVENTS = `
blok: 1
name: two-links
nodes:
  each:
    uses: forEach
    with: { items: [ann, ben], concurrency: 2 }
    nodes: { sign: { uses: waitForEvent, with: { event: signed, key: "\${{ item }}" }, notify: ${notify.replace('KEY', 'item')} } }
    output: { of: "\${{ item }}", data: "\${{ nodes.sign.data }}" }
output: "\${{ nodes.each.results }}"
`;

describeWith(['temporal'], 'answers to one link at the same moment', () => {
  let test: TestWorker;
  let ports: Runs[];
  let apps: ReturnType<typeof createApp>[];
  beforeAll(async () => {
    test = await startTestWorker();
    ports = [0, 1].map(() => temporalRuns({ address: sharedTemporal().address, namespace: 'default' }));
    apps = ports.map((runs) => createApp(depsBeside(test, runs)));
  });
  afterAll(async () => {
    for (const runs of ports ?? []) await runs.close();
    await test?.dispose();
  });

  /** A run, and the links it gave out by these names. */
  async function waiting(graph: string, ...names: string[]): Promise<{ handle: WorkflowHandle; paths: string[] }> {
    const workflow = /^name: (.+)$/m.exec(graph)![1]!;
    const workflowId = workflowIdOf({ workspace: WORKSPACE, workflow, trigger: null, key: randomUUID() });
    const runId = runIdOf(workflowId);
    const handle = await test.start(graph, { runId, start: { workflowId } });
    const linkOf = async (name: string): Promise<string> => {
      const link = { workflow: '', key: `${runId}-${name}` };
      const read = () => withWorkspace(test.database, WORKSPACE, (tx) => getKv(tx, link));
      const url = await until(async () => ((await read()).value as string | null) ?? false, { withinMs: 30_000 });
      return new URL(url!).pathname;
    };
    // Nobody but the wait index writes the row of a run that was started here.
    const row = () => withWorkspace(test.database, WORKSPACE, (tx) => getRunSummary(tx, { runId }));
    await until(async () => (await row()) ?? false, { withinMs: 30_000 });
    return { handle, paths: await Promise.all(names.map(linkOf)) };
  }

  const post = async (app: number, path: string, body: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await apps[app % 2]!.request(path, init);
    return { status: response.status, body: (await response.json()) as { code?: string; detail?: string } };
  };

  it.each(['running', 'paused'])('takes one of two decisions of a run that is %s', async (state) => {
    for (let round = 0; round < 10; round++) {
      const { handle, paths } = await waiting(APPROVAL, 'ask');
      if (state === 'paused') await handle.executeUpdate('pause', { args: [] });
      const decisions = ['approved', 'rejected', 'approved', 'rejected'];
      const answers = decisions.map((decision, by) => ({ decision, comment: `by ${by}` }));
      const told = await Promise.all(answers.map((answer, app) => post(app, paths[0]!, answer)));
      if (state === 'paused') await handle.executeUpdate('resume', { args: [] });
      const taken = answers.filter((_, at) => told[at]!.status === 200);
      expect([taken, (await resultOf(handle)).output]).toEqual([[expect.anything()], taken[0]]);
      for (const { status, body } of told) {
        expect([200, 409, 410]).toContain(status);
        if (status !== 200) expect(body.detail).toMatch(/decided already|used already/);
      }
    }
  });

  it('answers a double click as the first', async () => {
    const { handle, paths } = await waiting(APPROVAL, 'ask');
    await handle.executeUpdate('pause', { args: [] });
    const told = await Promise.all([0, 1].map((app) => post(app, paths[0]!, { decision: 'approved' })));
    await handle.executeUpdate('resume', { args: [] });
    expect((await resultOf(handle)).output).toEqual({ decision: 'approved', comment: null });
    for (const { status, body } of told)
      if (status !== 200) expect(body.detail).toMatch(/already: approved|used already/);
    expect(told.map(({ status }) => status)).toContain(200);
  });

  it('takes one of two answers to an event wait, for that wait and no other', async () => {
    for (let round = 0; round < 5; round++) {
      const { handle, paths } = await waiting(EVENTS, 'ann', 'ben');
      const [ann, ben] = paths as [string, string];
      const told = await Promise.all([1, 2].map((data) => post(data, ben, { data })));
      const taken = told.findIndex(({ status }) => status === 200) + 1;
      expect(told.map(({ status }) => status).toSorted()).toEqual([
        200,
        expect.toSatisfy((code) => code === 409 || code === 410),
      ]);
      expect(await post(0, ann, { data: 3 })).toMatchObject({ status: 200 });
      expect((await resultOf(handle)).output).toEqual([
        { of: 'ann', data: 3 },
        { of: 'ben', data: taken },
      ]);
    }
  });

  it('takes an event told twice once, and refuses another one with its id', async () => {
    const { handle, paths } = await waiting(EVENTS, 'ann', 'ben');
    const tell = (data: unknown) =>
      post(0, `/api/runs/${runIdOf(handle.workflowId)}/tell`, { name: 'signed', id: 'e', data });
    const told = await Promise.all([1, 1, 2, 2].map(tell));
    const taken = told[0]!.status === 202 ? 1 : 2;
    expect(told.map(({ status }) => status)).toEqual(taken === 1 ? [202, 202, 422, 422] : [422, 422, 202, 202]);
    expect(await post(1, paths[1]!, { data: 3 })).toMatchObject({ status: 200 });
    expect((await resultOf(handle)).output).toEqual([
      { of: 'ann', data: taken },
      { of: 'ben', data: 3 },
    ]);
  });

  it.each([
    ['cancelled', (handle: WorkflowHandle) => handle.cancel()],
    ['terminated', (handle: WorkflowHandle) => handle.terminate()],
  ])('says that the run was %s', async (end, act) => {
    const { handle, paths } = await waiting(APPROVAL, 'ask');
    await act(handle);
    await resultOf(handle).catch(() => undefined);
    const { status, body } = await post(0, paths[0]!, { decision: 'approved' });
    expect([status, body.detail]).toEqual([410, expect.stringContaining(`The run was ${end}`)]);
    expect((await apps[0]!.request(paths[0]!)).status).toBe(410);
  });
});
