/** A run continues as new, and nobody notices (interpreter README §3). */
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunsError } from '../../api/runs-port.ts';
import { temporalRuns } from '../../api/temporal/runs.ts';
import { getRun, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../scripts/testing/temporal.ts';
import { type Execution, eventsWith, executionsOf, troubledTasks } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import type { EffectFailure, EffectRequest, EffectResult, RunView } from '../contract.ts';

/** Number of events after which the server suggests continue-as-new. */
const SUGGESTED_AT = 50;
const DEADLINE_MS = 4_000;

const CALLED = `
blok: 1
name: called
nodes: { go: { uses: waitForEvent, with: { event: go } } }
output: "\${{ nodes.go.data }}"
`;

/** Rounds of a loop, a few of which fill a history. */
const busy = (rounds: number) => ({
  uses: 'while',
  with: { state: 0, test: `\${{ index < ${rounds} }}` },
  nodes: { step: { uses: 'test.echo', with: { value: '${{ index }}' } } },
  output: '${{ state + 1 }}',
});

const patiently = { timeout: `${DEADLINE_MS}ms`, onError: 'continue' };
const WAITS = JSON.stringify({
  blok: 1,
  name: 'goes-on',
  nodes: {
    first: { uses: 'set', with: { value: '${{ [run.id, run.startedAt] }}' } },
    busy: busy(40),
    pause: { uses: 'wait', with: { for: `${DEADLINE_MS}ms` } },
    late: { uses: 'waitForEvent', ...patiently, with: { event: 'never' } },
    undecided: { uses: 'approval', ...patiently, with: { title: 'Nobody will', to: ['role:lead'] } },
    decided: { uses: 'approval', with: { title: 'Somebody will', to: ['role:lead'] } },
    told: { uses: 'waitForEvent', with: { event: 'told' } },
    retried: { uses: 'test.flaky', with: { failures: 1, retryAfterMs: DEADLINE_MS } },
    called: { uses: 'workflow.run', with: { workflow: 'called' } },
    last: {
      uses: 'set',
      needs: ['busy', 'pause', 'late', 'decided.approved', 'told', 'retried', 'called'],
      join: 'all',
      with: { value: '${{ [run.id, run.startedAt] }}' },
    },
  },
  output:
    '${{ { first: nodes.first, last: nodes.last, busy: nodes.busy, by: nodes.decided.by, told: nodes.told.data, called: nodes.called, attempt: nodes.retried.attempt } }}',
});

const TAKES = (messages: number) =>
  JSON.stringify({
    blok: 1,
    name: 'takes',
    nodes: {
      all: {
        uses: 'while',
        with: { state: [], test: `\${{ index < ${messages} }}` },
        nodes: { n: { uses: 'waitForEvent', with: { event: 'n' } } },
        output: '${{ state.concat([nodes.n.data]) }}',
      },
    },
    output: '${{ nodes.all }}',
  });

/** What an execution still did after the server had suggested continue-as-new. */
function beyond({ events }: Execution): Execution['events'] {
  const at = events.findIndex((event) => event.workflowTaskStartedEventAttributes?.suggestContinueAsNew);
  return at < 0 ? [] : events.slice(at + 1);
}

/** Effects and child workflows begun by then. */
function begunLate(execution: Execution): string[] {
  return beyond(execution).flatMap(
    ({
      activityTaskScheduledEventAttributes: activity,
      startChildWorkflowExecutionInitiatedEventAttributes: child,
    }) => [
      ...(activity ? [`activity ${activity.activityId}`] : []),
      ...(child ? [`workflow ${child.workflowId}`] : []),
    ],
  );
}

describeWith(['temporal'], 'a run that goes on in a new execution', () => {
  let temporal: OwnTemporal;
  let test: TestWorker;
  const outside = testNodes();

  /** Asks for its second attempt so late that the run itself waits instead of Temporal. */
  const flaky = async (request: EffectRequest): Promise<EffectResult> => {
    const at = new Date().toISOString();
    const { attemptsBefore = 0 } = request;
    const meta = { attempt: attemptsBefore + 1, startedAt: at, endedAt: at };
    tries.push({ key: request.idempotencyKey, at: Date.now() });
    const { failures, retryAfterMs } = request.with as { failures: number; retryAfterMs: number };
    if (attemptsBefore >= failures) return { output: { attempt: meta.attempt }, meta };
    const failure: EffectFailure = {
      code: 'busy',
      message: 'busy',
      unknown: false,
      retryable: true,
      retryAfterMs,
      meta,
    };
    throw ApplicationFailure.create({ message: 'busy', type: 'busy', nonRetryable: true, details: [failure] });
  };
  const tries: { key: string; at: number }[] = [];

  beforeAll(async () => {
    temporal = await ownTemporal({ 'limit.historyCount.suggestContinueAsNew': SUGGESTED_AT });
    test = await startTestWorker({
      address: temporal.address,
      nodes: outside.nodes,
      activities: { 'test.flaky': flaky },
    });
    await test.publish(CALLED);
  });
  afterAll(async () => {
    await test.dispose();
    await temporal.dispose();
  });

  const ask = (handle: WorkflowHandle) => handle.query<RunView>('ask');
  const event = (id: string, name: string, data: unknown) => ({
    id,
    name,
    key: null,
    data,
    at: new Date().toISOString(),
  });
  const historyOf = (handle: WorkflowHandle) =>
    executionsOf(test.client, handle.workflowId, (handle as WorkflowHandleWithFirstExecutionRunId).firstExecutionRunId);

  it('keeps what it waits for, its deadlines, its children and what it is', async () => {
    const memo = { bodyHash: 'abc' };
    const handle = await test.start(WAITS, { start: { memo } });
    await expect
      .poll(async () => (await ask(handle)).steps.find((step) => step.path === 'busy')?.status, { timeout: 60_000 })
      .toBe('succeeded');
    const before = await handle.describe();
    await handle.executeUpdate('approve', { args: [{ step: 'decided', decision: 'approved', by: 'ann' }] });
    await handle.signal('event', event('t', 'told', 5));
    const child = (await historyOf(handle)).find(({ workflowId }) => workflowId !== handle.workflowId)!;
    await test.client.workflow.getHandle(child.workflowId).signal('event', event('g', 'go', 'gone'));

    const result = await resultOf(handle);
    const runId = handle.workflowId.split('/').at(-1)!;
    const executions = await historyOf(handle);
    const own = executions.filter(({ workflowId }) => workflowId === handle.workflowId);
    const began = (
      await test.client.workflow
        .getHandle(handle.workflowId, (handle as WorkflowHandleWithFirstExecutionRunId).firstExecutionRunId)
        .describe()
    ).startTime;
    expect(own.length).toBeGreaterThan(4);
    expect(troubledTasks(executions)).toEqual([]);
    expect(own.flatMap(begunLate)).toEqual([]);
    expect(result).toMatchObject({
      status: 'succeeded',
      output: {
        first: [runId, began.toISOString()],
        last: [runId, began.toISOString()],
        ...{ busy: 40, by: 'ann', told: 5, called: 'gone', attempt: 2 },
      },
    });
    for (const { description } of [{ description: before }, { description: await handle.describe() }]) {
      expect(description.type).toBe('goes-on~v1');
      expect(description.memo).toEqual(memo);
      expect(description.searchAttributes).toMatchObject({ BlokWorkspace: [WORKSPACE], BlokWorkflow: ['goes-on'] });
    }

    const row = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId }));
    expect(row?.startedAt).toBe(began.toISOString());
    const paths = row!.steps.map((step) => step.path);
    expect(paths.length).toBe(new Set(paths).size);
    expect(paths.filter((path) => path.endsWith('.step'))).toHaveLength(40);
    for (const [path, status] of [
      ['pause', 'succeeded'],
      ['late', 'failed'],
      ['undecided', 'failed'],
    ]) {
      const step = row!.steps.find((known) => known.path === path)!;
      expect(step.status, path).toBe(status);
      const took = Date.parse(step.endedAt!) - Date.parse(step.startedAt!);
      expect(took, path).toBeGreaterThan(DEADLINE_MS - 50);
      expect(took, path).toBeLessThan(DEADLINE_MS + 3_000);
    }
    expect(new Set(tries.map(({ key }) => key)).size).toBe(1);
    const waited = tries[1]!.at - tries[0]!.at;
    expect(waited).toBeGreaterThan(DEADLINE_MS - 50);
    expect(waited).toBeLessThan(DEADLINE_MS + 3_000);
    const awaited = eventsWith(own, 'activityTaskScheduledEventAttributes').map(
      ({ activityType }) => activityType?.name,
    );
    expect(awaited).toContain('blokAwait');
  });

  it('goes on at once if nothing is in flight, and otherwise when everything has come back', async () => {
    const nodes = {
      side: { uses: 'test.slow', with: { ms: 20 } },
      other: { uses: 'test.slow', with: { ms: 60 } },
    };
    const graph = (...lanes: (keyof typeof nodes)[]) =>
      JSON.stringify({
        blok: 1,
        name: 'drains',
        nodes: {
          loop: {
            uses: 'while',
            with: { state: 0, test: '${{ index < 16 }}' },
            nodes: Object.fromEntries(lanes.map((id) => [id, nodes[id]])),
          },
        },
      });
    const alone = await test.start(graph('side'));
    const both = await test.start(graph('side', 'other'));
    for (const handle of [alone, both]) expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    const executions = await historyOf(alone);
    expect(executions.length).toBeGreaterThan(2);
    // The end of the task that received the suggestion, and the end of the execution.
    for (const execution of executions.slice(0, -1)) expect(beyond(execution)).toHaveLength(2);
    const wide = await historyOf(both);
    expect(wide.flatMap(begunLate)).toEqual([]);
    // With one effect in flight: the effect starts, ends, and is taken by a task.
    for (const execution of wide.slice(0, -1)) expect(beyond(execution).length).toBeLessThanOrEqual(2 + 5);
  });

  it('goes on when only messages arrive', async () => {
    const handle = await test.start(
      JSON.stringify({
        blok: 1,
        name: 'hears',
        nodes: {
          next: { uses: 'waitForEvent', with: { event: 'next' } },
          after: { uses: 'test.echo', needs: ['next'], with: { value: '${{ nodes.next.data }}' } },
        },
        output: '${{ nodes.after.value }}',
      }),
    );
    // Each message in a task of its own.
    for (let i = 0; i < 30; i++) {
      await handle.signal('event', event(`noise${i}`, 'noise', i));
      await ask(handle);
    }
    await handle.signal('event', event('next', 'next', 1));
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: 1 });
    expect((await historyOf(handle)).length).toBeGreaterThan(1);
  });

  it('takes every message once', async () => {
    const count = 64;
    const handle = await test.start(TAKES(count));
    const runs = temporalRuns({ address: temporal.address, namespace: 'default' });
    // Half of them as signals, half as updates, every eighth one twice; several at a time.
    const messages = Array.from({ length: count }, (_, n) => n).flatMap((n) => (n % 8 === 0 ? [n, n] : [n]));
    const tell = (n: number) =>
      n % 2 === 0
        ? runs.tell(handle.workflowId, event(`m${n}`, 'n', n) as never)
        : handle.signal('event', event(`m${n}`, 'n', n));
    const told = new Set<number>();
    const late: number[] = [];
    const sender = async () => {
      for (let n = messages.shift(); n !== undefined; n = messages.shift()) {
        try {
          await tell(n);
          told.add(n);
        } catch (error) {
          if (!(error instanceof RunsError && error.code === 'run.ended')) throw error;
          late.push(n);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, sender));
    // The run ends with the last message: only the second copy of one may come after that.
    expect(late.filter((n) => !told.has(n))).toEqual([]);
    expect(told.size).toBe(count);
    const result = await resultOf(handle);
    await runs.close();
    expect(result.status).toBe('succeeded');
    expect([...(result.output as number[])].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
    const executions = await historyOf(handle);
    expect(executions.length).toBeGreaterThan(3);
    // The server does not accept the end of an execution that has not seen its last message.
    expect(troubledTasks(executions).filter((trouble) => !trouble.includes('UnhandledCommand'))).toEqual([]);
  });
});
