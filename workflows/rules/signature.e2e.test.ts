/** Whoever can talk to Temporal, but has no key, makes Blok act for no workspace. */
import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { getRunSummary, runIdOf, withWorkspace } from '../../db/index.ts';
import { packProof } from '../../graph/start/packed-proof.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { idOf, resultOf, signed, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import { CLAIM_HEADER, claimOf, type StartInput, workflowType } from '../contract.ts';

const graph = (value: unknown): string =>
  JSON.stringify({ blok: 1, name: 'pay', nodes: { step: { uses: 'test.echo', with: { value } } } });

describeWith(['temporal'], 'a start', () => {
  const { nodes, calls } = testNodes();
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes });
  });
  beforeEach(() => void calls.splice(0));
  afterAll(() => test.dispose());

  /** Starts what an attacker sends, as any client of Temporal can. */
  const attack = (input: unknown, workflowId: string, type = workflowType('pay')) =>
    test.client.workflow.start(type, {
      workflowId,
      taskQueue: test.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  const errorOf = async (...given: Parameters<typeof attack>): Promise<string | undefined> => {
    const error = await (await attack(...given)).result().catch((thrown: Error) => thrown);
    return (error as { cause?: { type?: string } }).cause?.type;
  };
  const rowOf = (runId: string) => withWorkspace(test.database, WORKSPACE, (tx) => getRunSummary(tx, { runId }));

  it('that Blok signed runs, and its row is written', async () => {
    const input = await test.prepare(graph(1));
    expect(await resultOf(await attack(signed(input), idOf(input)))).toMatchObject({ status: 'succeeded' });
    expect(calls).toHaveLength(1);
    expect(await rowOf(input.runId)).toMatchObject({ status: 'succeeded' });
  });

  it('that nobody signed does nothing and leaves no row', async () => {
    const input = await test.prepare(graph(1));
    expect(await errorOf(input, idOf(input))).toBe('run.unsigned');
    expect(await errorOf({ ...signed(input), proof: { ...signed(input).proof!, mac: 'AAAA' } }, idOf(input))).toBe(
      'run.unsigned',
    );
    expect(calls).toEqual([]);
    expect(await rowOf(input.runId)).toBeNull();
  });

  it('is refused with the signature of another start', async () => {
    const genuine = signed(await test.prepare(graph(1)));
    const id = idOf(genuine);
    const other = await test.prepare(graph('stolen'));
    const changes: Partial<StartInput>[] = [
      { plan: other.plan },
      { input: { amount: 1e6 } },
      { vars: { limit: 1e6 } },
      { workspace: 'other' },
      { depth: 1 },
    ];
    for (const change of changes) expect(await errorOf({ ...genuine, ...change }, id)).toBe('start.invalid');
    expect(await errorOf(genuine, `${id}x`)).toBe('start.invalid');
    expect(await errorOf({ ...genuine, snapshot: { state: { value: {} }, stepsDone: 0, chains: {} } }, id)).toBe(
      'start.invalid',
    );
    const chain = { interpreterVersion: 2, parent: genuine, workflowId: id, frameKey: 'each', from: 0, to: 1 };
    expect(await errorOf(chain, `${id}/each~0`, 'blokEach')).toBe('start.invalid');
    expect(calls).toEqual([]);
  });

  it('that is unsigned goes on if its run was open when starts began to be signed, and only then', async () => {
    const input = await test.prepare(graph(1));
    const id = `${WORKSPACE}/pay/call/${randomUUID()}`;
    const old = { ...input, runId: runIdOf(id) };
    expect(await errorOf(old, id)).toBe('run.unsigned');
    const admin = new Client({ connectionString: test.databaseUrl });
    await admin.connect();
    await drizzle(admin).execute(sql`insert into unsigned_run values (${WORKSPACE}, ${id})`);
    await admin.end();
    expect(await resultOf(await attack(old, id))).toMatchObject({ status: 'succeeded' });
    expect(await rowOf(old.runId)).toMatchObject({ status: 'succeeded' });
    expect(await errorOf({ ...old, runId: 'r1' }, id)).toBe('run.unsigned');
    await expect(
      withWorkspace(test.database, WORKSPACE, (tx) =>
        tx.db.execute(sql`insert into unsigned_run values (${WORKSPACE}, 'mine')`),
      ),
    ).rejects.toThrow('permission denied');
  });

  /** A workflow of the attacker's own, on a task queue of their own, whose only activity is for Blok's worker. */
  const scheduled = async (workflowId: string, input: object, claim?: object): Promise<string | undefined> => {
    const { workflowService: service } = test.client;
    const queue = `rogue-${randomUUID()}`;
    const handle = await test.client.workflow.start('rogue', { workflowId, taskQueue: queue });
    const poll = () => service.pollWorkflowTaskQueue({ namespace: 'default', taskQueue: { name: queue } });
    const payloads = [defaultPayloadConverter.toPayload(input)];
    const fields = Object.fromEntries(claim ? [[CLAIM_HEADER, defaultPayloadConverter.toPayload(claim)]] : []);
    const scheduleActivityTaskCommandAttributes = {
      activityId: 'a',
      activityType: { name: 'test.echo' },
      taskQueue: { name: test.taskQueue },
      input: { payloads },
      header: { fields },
      scheduleToCloseTimeout: { seconds: 20 as never },
      retryPolicy: { maximumAttempts: 1 },
    };
    const first = await poll();
    await service.respondWorkflowTaskCompleted({
      taskToken: first.taskToken!,
      commands: [
        {
          commandType: temporal.api.enums.v1.CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
          scheduleActivityTaskCommandAttributes,
        },
      ],
    });
    const { history } = await poll();
    const failed = history?.events?.find((event) => event.activityTaskFailedEventAttributes);
    await handle.terminate();
    return failed?.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type ?? undefined;
  };

  it('of somebody else’s own workflow gets no activity done, with the signature of a run or without', async () => {
    const genuine = signed(await test.prepare(graph(1)));
    const { runId, workspace, workflow } = genuine;
    const id = `${WORKSPACE}/pay/call/${randomUUID()}`;
    const request = {
      with: { value: 1 },
      step: 'step',
      type: 'test.echo',
      version: '1.0.0',
      workspace,
      workflow,
      runId,
    };
    const own = { ...request, idempotencyKey: `${id}/step` };
    expect(await scheduled(id, own)).toBe('run.unsigned');
    expect(await scheduled(id, own, claimOf(genuine))).toBe('run.unsigned');
    expect(await scheduled(id, { ...own, idempotencyKey: `${idOf(genuine)}/step` }, claimOf(genuine))).toBe(
      'run.unsigned',
    );
    // Within the run whose signature it is, another run's data and keys are out of reach.
    expect(await scheduled(idOf(genuine), own, claimOf(genuine))).toBe('run.unsigned');
    expect(calls).toEqual([]);
  });

  it('gets nothing done for anybody else by a proof in short either', async () => {
    const genuine = signed(await test.prepare(graph(1)));
    const { runId, proof } = genuine;
    const asked = { with: { value: 1 } };
    const id = `${WORKSPACE}/pay/call/${randomUUID()}`;
    expect(await scheduled(id, asked, packProof(proof!))).toBe('run.unsigned');
    expect(await scheduled(id, asked, packProof(proof!, runId))).toBe('run.unsigned');
    expect(await scheduled(`other/pay/call/${runId}`, asked, packProof(proof!, runId))).toBe('run.unsigned');
    expect(await scheduled(randomUUID(), asked, packProof(proof!, runId))).toBe('run.unsigned');
    expect(await scheduled(idOf(genuine), asked, packProof({ ...proof!, digest: '0f'.repeat(32) }, runId))).toBe(
      'run.unsigned',
    );
    expect(calls).toEqual([]);
  });
});
