import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunError } from '../../graph/run-state/state/types.ts';
import { type RunResult, type StartInput, TASK_QUEUE } from '../../workflows/contract.ts';
import type { Runs } from '../runs-port.ts';
import { temporalRuns } from './runs.ts';

/** The port on a real server. Workflow tasks are answered here by hand, so that no worker is needed. */
let runs: Runs;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  const temporal = inject('temporal');
  if ('missing' in temporal) throw new Error(`these tests need Temporal: ${temporal.missing}`);
  runs = temporalRuns({ address: temporal.address, namespace: 'default' });
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection });
});
afterAll(async () => {
  await runs?.close();
  await connection?.close();
});

const start = async (id: string = randomUUID(), bodyHash = 'h') => {
  const workflowId = `port/${id}`;
  const input = {
    workspace: 'port',
    workflow: 'hello',
    version: 3,
    runId: 'r1',
    trigger: { id: null, uses: 'call', at: '', key: null },
  };
  return {
    workflowId,
    answer: await runs.start({ workflowId, input: input as unknown as StartInput, label: 'Say hello', bodyHash }),
  };
};

/** Takes workflow tasks until the task of this run comes, and answers it with one command. */
async function conclude(workflowId: string, command: object): Promise<void> {
  for (;;) {
    const task = await connection.withDeadline(Date.now() + 60_000, () =>
      client.workflowService.pollWorkflowTaskQueue({
        namespace: 'default',
        taskQueue: { name: TASK_QUEUE },
        identity: 'test',
      }),
    );
    const mine = task.workflowExecution?.workflowId === workflowId;
    // Tasks of other tests' runs are left to time out; those tests are over or have terminated their runs.
    if (!mine) continue;
    await client.workflowService.respondWorkflowTaskCompleted({
      namespace: 'default',
      taskToken: task.taskToken,
      commands: [command],
      identity: 'test',
    });
    return;
  }
}
/** Command types: 4 completes, 5 fails, 7 cancels (temporal.api.enums.v1.CommandType). */
const payloads = (value: unknown) => ({ payloads: toPayloads(defaultPayloadConverter, value) });
const terminate = (workflowId: string) => client.workflow.getHandle(workflowId).terminate('by an operator');
const error: RunError = { code: 'http.404', message: 'not there', step: 'a', node: 'a', attempts: 1, unknown: false };

describe('temporalRuns', () => {
  it('starts a run once for its workflow id, also after it closed', async () => {
    const id = randomUUID();
    const first = await start(id);
    expect(first.answer).toEqual({ duplicate: false, temporalRunId: expect.any(String) });
    expect((await start(id, 'other')).answer).toEqual({ duplicate: true });
    const known = await runs.describe(first.workflowId);
    expect(known).toMatchObject({
      open: true,
      bodyHash: 'h',
      closedAt: null,
      temporalRunId: (first.answer as { temporalRunId: string }).temporalRunId,
    });
    const raw = await client.workflow.getHandle(first.workflowId).describe();
    expect(raw.type).toBe('hello~v1');
    expect(raw.searchAttributes).toMatchObject({
      BlokWorkspace: ['port'],
      BlokWorkflow: ['hello'],
      BlokVersion: ['3'],
      BlokTrigger: ['call'],
    });
    expect(raw.priority).toMatchObject({ fairnessKey: 'port/1' });
    expect(raw.raw.executionConfig?.workflowExecutionTimeout?.seconds ?? 0).toBeFalsy();
    await terminate(first.workflowId);
    expect((await start(id)).answer).toEqual({ duplicate: true });
  });

  it('waits for the end no longer than it is asked to, or than the caller does', async () => {
    const { workflowId } = await start();
    const begun = performance.now();
    expect(await runs.result(workflowId, 400)).toBeNull();
    expect(await runs.result(workflowId, 30_000, AbortSignal.timeout(300))).toBeNull();
    expect(performance.now() - begun).toBeLessThan(4_000);
    const waiting = runs.result(workflowId, 20_000);
    await terminate(workflowId);
    expect(await waiting).toMatchObject({
      status: 'terminated',
      error: { code: 'terminated', message: 'by an operator' },
    });
    expect(await runs.describe(workflowId)).toMatchObject({ open: false, closedAt: expect.any(String) });
  });

  it('says that a closed run has ended, and nothing about an unknown run', async () => {
    const { workflowId } = await start();
    const event = { id: 'e', name: 'x', data: null, at: '2026-01-01T00:00:00.000Z' };
    expect(await runs.event(workflowId, event)).toBe(true);
    expect(await runs.cancel(workflowId, 'no longer wanted')).toBe(true);
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    expect(JSON.stringify(history.events)).toContain('no longer wanted');
    await terminate(workflowId);
    expect(await runs.event(workflowId, event)).toBe(false);
    await expect(runs.tell(workflowId, event)).rejects.toMatchObject({ code: 'run.ended' });
    await expect(runs.pause(workflowId)).rejects.toMatchObject({ code: 'run.ended' });
    expect(await runs.describe('port/never')).toBeNull();
    await expect(runs.result('port/never', 1_000)).rejects.toMatchObject({ code: 'run.notFound' });
  });

  it('distinguishes a missing worker from a missing server', async () => {
    const { workflowId } = await start();
    await expect(runs.ask(workflowId)).rejects.toMatchObject({ code: 'worker.unavailable' });
    await terminate(workflowId);
    const nowhere = temporalRuns({ address: '127.0.0.1:1', namespace: 'default', callTimeoutMs: 1_000 });
    await expect(nowhere.describe(workflowId)).rejects.toMatchObject({ code: 'temporal.unavailable' });
    await expect(nowhere.result(workflowId, 500)).resolves.toBeNull();
    expect(await nowhere.health()).toEqual({ temporal: false, worker: false });
    await expect(nowhere.ask(workflowId)).rejects.toMatchObject({ code: 'temporal.unavailable' });
    await nowhere.close();
    expect((await runs.health()).temporal).toBe(true);
  });

  it('gives what the interpreter said when a run succeeds, fails or is cancelled', async () => {
    const succeeded: RunResult = { runId: 'r1', status: 'succeeded', output: { v: 1 } };
    const failed: RunResult = { runId: 'r1', status: 'timed-out', output: null, error };
    const cancelled: RunResult = { runId: 'r1', status: 'cancelled', output: null, error };
    const ways = [
      [succeeded, { commandType: 4, completeWorkflowExecutionCommandAttributes: { result: payloads(succeeded) } }],
      [
        failed,
        {
          commandType: 5,
          failWorkflowExecutionCommandAttributes: {
            failure: {
              message: 'm',
              applicationFailureInfo: { type: 'http.404', nonRetryable: true, details: payloads(failed) },
            },
          },
        },
      ],
      [cancelled, { commandType: 7, cancelWorkflowExecutionCommandAttributes: { details: payloads(cancelled) } }],
    ] as const;
    for (const [said, command] of ways) {
      const { workflowId } = await start();
      await conclude(workflowId, command);
      expect(await runs.result(workflowId, 5_000)).toEqual(said);
    }
  });

  it('gives a failure that the interpreter could not report', async () => {
    const { workflowId } = await start();
    await conclude(workflowId, {
      commandType: 5,
      failWorkflowExecutionCommandAttributes: {
        failure: { message: 'bad start', applicationFailureInfo: { type: 'start.invalid', nonRetryable: true } },
      },
    });
    expect(await runs.result(workflowId, 5_000)).toMatchObject({
      status: 'failed',
      error: { code: 'start.invalid', message: 'bad start' },
    });
  });
});
