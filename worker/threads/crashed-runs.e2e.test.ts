/** A run whose workflow tasks crash workers is ended, with a code, and no other run is taken for it. */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outcomeOf } from '../../api/temporal/outcome.ts';
import { crashesOf, getRun, runIdOf as productId, withWorkspace, workflowIdOf } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { RUN_CRASHED } from '../../workflows/contract.ts';
import { hostileBundle } from '../testing/hostile-bundle.ts';
import { testNodes } from '../testing/nodes.ts';
import { startTestWorker, type TestWorker, WORKSPACE } from '../testing/worker.ts';

const graph = (name: string, nodes: object, more: object = {}): string =>
  JSON.stringify({ blok: 1, name, nodes, ...more });
const wait = (time: string) => ({ uses: 'wait', with: { for: time } });
const call = (workflow: string, given: object = {}) => ({ uses: 'workflow.run', with: { workflow, ...given } });

const ATTACKER = graph(
  'attacker',
  { waits: wait('1h'), called: call('called'), independent: call('independent', { wait: false }) },
  { onFailure: 'handler' },
);

/** Tasks that fail are tried again after ten seconds each. */
const SLOW = { timeout: 100_000 };

describeWith(['temporal'], 'a run that crashes workers', () => {
  let test: TestWorker;
  const attackers = new Map<string, WorkflowHandle>();
  const cached: WorkflowHandle[] = [];

  beforeAll(async () => {
    const bundle = await hostileBundle();
    test = await startTestWorker({ nodes: testNodes().nodes, workflowBundle: bundle, workflowHeapMb: 80 });
    for (const name of ['called', 'independent']) await test.publish(graph(name, { w: wait('1h') }));
    await test.publish(graph('handler', { e: { uses: 'test.echo' } }));
    for (let n = 0; n < 10; n++) cached.push(await test.start(graph('cached', { w: wait('15s') }, { output: n })));
    for (const attack of ['heap', 'stall', 'mistake', 'newer'])
      attackers.set(attack, await test.start(ATTACKER, { input: { attack } }));
  });
  afterAll(() => test.dispose());

  const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(test.database, WORKSPACE, fn);
  const runIdOf = ({ workflowId }: WorkflowHandle): string => workflowId.split('/').at(-1)!;
  const recordOf = (runId: string) => inside((tx) => getRun(tx, { runId }));
  const statusOf = async (handle: WorkflowHandle) => (await handle.describe()).status.name;
  /** The runs of a workflow that the attacker has begun, as Temporal knows them. */
  const begunBy = async ({ workflowId }: WorkflowHandle): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for await (const { type, status } of test.client.workflow.list({ query: `ParentWorkflowId = '${workflowId}'` }))
      found[type] = status.name;
    return found;
  };

  it.each(['heap', 'stall', 'mistake'])('is ended with a code: %s', SLOW, async (attack) => {
    const attacker = attackers.get(attack)!;
    await expect.poll(() => statusOf(attacker), SLOW).toBe('TERMINATED');
    await expect
      .poll(() => recordOf(runIdOf(attacker)), { timeout: 15_000 })
      .toMatchObject({ status: 'failed', error: { code: RUN_CRASHED } });
    await expect
      .poll(() => begunBy(attacker), { timeout: 15_000 })
      .toEqual({ 'called~v1': 'CANCELLED', 'independent~v1': 'RUNNING' });
    const key = `failure/${runIdOf(attacker)}`;
    const handler = workflowIdOf({ workspace: WORKSPACE, workflow: 'handler', trigger: null, key });
    await expect.poll(async () => (await recordOf(productId(handler)))?.status, { timeout: 15_000 }).toBe('succeeded');
    expect(await inside((tx) => crashesOf(tx, attacker))).toEqual({ total: 3, alone: 2 });
  });

  it('is not one that waits for a newer worker', SLOW, async () => {
    const waiting = attackers.get('newer')!;
    const attempts = async () => (await waiting.describe()).raw.pendingWorkflowTask?.attempt ?? 0;
    await expect.poll(attempts, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(3);
    expect(await statusOf(waiting)).toBe('RUNNING');
    expect(await inside((tx) => crashesOf(tx, waiting))).toEqual({ total: 0, alone: 0 });
    await waiting.terminate();
  });

  it('is not one that was in the same thread', SLOW, async () => {
    const results = await Promise.all(cached.map((handle) => handle.result()));
    expect(results).toMatchObject(cached.map((_, output) => ({ status: 'succeeded', output })));
    for (const handle of cached) expect(await inside((tx) => crashesOf(tx, handle))).toEqual({ total: 0, alone: 0 });
  });

  it('is known to the API by its code, although Temporal says that it was terminated', async () => {
    const failed = await attackers
      .get('heap')!
      .result()
      .catch((error: Error) => error);
    expect(outcomeOf(failed as never)).toMatchObject({ status: 'failed', error: { code: RUN_CRASHED, unknown: true } });
  });
});
