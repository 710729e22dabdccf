/** Data that is too large for the start is loaded first. Messages that reach the run in the meantime are not lost. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadJson, storeJson } from '../../activities/store/stored.ts';
import { type Database, getRun, openDatabase, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { startInputOf } from '../../worker/testing/graph-worker.ts';
import { idOf, resultOf, signed, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import { type BlobRef, type StartInput, searchAttributesOf, workflowType } from '../contract.ts';

const GRAPH = `
blok: 1
name: loading
nodes:
  paid: { uses: waitForEvent, with: { event: paid } }
  shipped: { uses: waitForEvent, with: { event: shipped } }
  ok: { uses: approval, needs: [paid, shipped], join: all, with: { title: Ship it?, to: ["role:ops"] } }
output: { amount: "\${{ nodes.paid.data }}", by: "\${{ nodes.shipped.data }}" }
`;

const WAITS = `
blok: 1
name: loading
nodes:
  waits: { uses: waitForEvent, with: { event: never } }
`;

describeWith(['temporal'], 'while a run loads its plan', () => {
  let test: TestWorker;
  let database: Database;
  let loads: { began: () => void; goOn: Promise<void> };
  beforeAll(async () => {
    test = await startTestWorker({
      activities: {
        blokLoad: async ({ workspace, ref }: { workspace: string; ref: BlobRef }) => {
          loads.began();
          await loads.goOn;
          return loadJson({ database }, workspace, ref.sha256);
        },
      },
    });
    database = openDatabase(test.databaseUrl);
  });
  afterAll(async () => {
    await database.close();
    await test.dispose();
  });

  /** A run whose plan is being loaded, and the function that lets the load finish. */
  async function startLoading(graph: string) {
    const template = startInputOf(graph, test.catalogue);
    const { runId } = template;
    const input: StartInput = {
      ...template,
      plan: { blob: await storeJson({ database }, WORKSPACE, runId, template.plan) },
      planByReference: true,
    };
    const began = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    loads = { began: began.resolve, goOn: goOn.promise };
    const handle = await test.client.workflow.start(workflowType(input.workflow), {
      workflowId: idOf(input),
      taskQueue: test.taskQueue,
      args: [signed(input)],
      searchAttributes: searchAttributesOf(input),
    });
    await began.promise;
    return { handle, goOn: goOn.resolve };
  }

  const event = (name: string, data: unknown) => ({ id: name, name, key: null, data, at: new Date().toISOString() });

  it('takes signals and updates, and answers what it is doing', async () => {
    const { handle, goOn } = await startLoading(GRAPH);
    await handle.signal('event', event('paid', 5));
    const accepted = await handle.startUpdate('tell', { args: [event('shipped', 'ann')], waitForStage: 'ACCEPTED' });
    expect(await handle.query('ask')).toMatchObject({ status: 'running', steps: [], waits: [] });
    goOn();
    expect(await accepted.result()).toBe(true);
    await expect
      .poll(async () => ((await handle.query('ask')) as { waits: { step: string }[] }).waits.map((wait) => wait.step))
      .toEqual(['ok']);
    await handle.executeUpdate('approve', { args: [{ step: 'ok', decision: 'approved', by: 'ann' }] });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: { amount: 5, by: 'ann' } });
  });

  it('refuses a decision if no approval turns out to wait for it', async () => {
    const { handle, goOn } = await startLoading(WAITS);
    const accepted = await handle.startUpdate('approve', {
      args: [{ step: 'waits', decision: 'approved', by: 'ann' }],
      waitForStage: 'ACCEPTED',
    });
    goOn();
    await expect(accepted.result()).rejects.toMatchObject({ cause: { type: 'approval.notWaiting' } });
    await handle.cancel();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled by its own rules, with a record', async () => {
    const { handle, goOn } = await startLoading(WAITS);
    await handle.cancel();
    goOn();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    const runId = handle.workflowId.split('/').at(-1)!;
    const run = await withWorkspace(database, WORKSPACE, (tx) => getRun(tx, { runId }));
    expect(run).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
  });
});
