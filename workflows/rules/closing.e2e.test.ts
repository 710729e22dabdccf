/** A run closes whatever happens to its closing record, and the record says how it closed (interpreter README §4). */
import type { WorkflowHandle } from '@temporalio/client';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../activities/run/record.ts';
import { reconcile } from '../../api/background/reconcile.ts';
import { temporalRuns } from '../../api/temporal/runs.ts';
import { createBus, hearFollowed } from '../../bus/index.ts';
import { getRun, upsertRun, withWorkspace } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { type Gate, openGate } from '../../scripts/testing/gate.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { createLog } from '../../telemetry/log.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { eventsWith, executionsOf, FORCE_CLOSE } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { type RunOptions, resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import type { RunRecord } from '../contract.ts';

const graph = (body: object): string => JSON.stringify({ blok: 1, name: 'closing', ...body });
const runIdOf = (handle: WorkflowHandle): string => handle.workflowId.split('/').at(-1)!;
const rowOf = (test: TestWorker, runId: string) =>
  withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId }));

const refund = { uses: 'test.echo', with: { value: 'refund' } };
const PAYS = graph({ nodes: { pay: { uses: 'test.echo', with: { value: 7 } } }, output: '${{ nodes.pay.value }}' });
const SMALL = graph({ nodes: { a: { uses: 'set', with: { value: 1 } } }, output: '${{ nodes.a }}' });
const FAILS = graph({
  nodes: {
    pay: { uses: 'test.echo', with: { value: 7 }, compensate: refund },
    no: { uses: 'fail', needs: ['pay'], with: { code: 'no.good', message: 'no' } },
  },
});
const WAITS = graph({
  nodes: {
    pay: { uses: 'test.echo', compensate: refund },
    paid: { uses: 'waitForEvent', needs: ['pay'], with: { event: 'paid' } },
  },
});

const RACES = graph({
  nodes: {
    first: {
      uses: 'race',
      nodes: {
        pay: { uses: 'test.echo', with: { value: 7 }, compensate: refund },
        paid: { uses: 'waitForEvent', with: { event: 'paid' } },
      },
    },
  },
  output: '${{ nodes.first }}',
});

let bundle: WorkflowBundle;
beforeAll(async () => {
  bundle = await workflowBundle();
});

describeWith(['temporal'], 'what comes while a run writes its closing record', () => {
  let test: TestWorker;
  const outside = testNodes();
  let closing: { readonly writes: RunRecord[]; readonly began: () => void; readonly goOn: Promise<void> };
  beforeAll(async () => {
    const log = { info: () => undefined, warn: () => undefined };
    const closeRun = async (input: RunRecord) => {
      closing.writes.push(input);
      closing.began();
      await closing.goOn;
      const bus = createBus();
      await record({ database: test.database, bus, followed: hearFollowed(bus), temporal: test.client, log }, input);
    };
    test = await startTestWorker({ nodes: outside.nodes, closeRun, workflowBundle: bundle });
  });
  afterAll(() => test.dispose());

  /** Runs a graph; `meanwhile` happens between the beginning and the end of its first closing write. */
  async function closeWith(
    text: string,
    meanwhile: (handle: WorkflowHandle) => Promise<unknown>,
    before: (handle: WorkflowHandle) => Promise<unknown> = async () => undefined,
  ) {
    const began = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    closing = { writes: [], began: began.resolve, goOn: goOn.promise };
    const handle = await test.start(text);
    await before(handle);
    await began.promise;
    await meanwhile(handle);
    goOn.resolve();
    const result = await resultOf(handle);
    const runId = runIdOf(handle);
    const executions = await executionsOf(test.client, handle.workflowId);
    // The server refuses to close a run that has not seen all its events.
    expect(eventsWith(executions, 'workflowTaskFailedEventAttributes')).toHaveLength(1);
    await Worker.runReplayHistory({ workflowBundle: bundle }, await handle.fetchHistory(), handle.workflowId);
    return { result, writes: closing.writes, done: outside.done(runId), row: await rowOf(test, runId) };
  }

  const signal = (handle: WorkflowHandle) =>
    handle.signal('event', { id: 'late', name: 'paid', key: null, data: 1, at: new Date().toISOString() });
  const cancel = (handle: WorkflowHandle) => handle.cancel();

  describe.each([
    ['a signal', signal],
    ['a cancel', cancel],
  ])('%s', (_name, message) => {
    it('does not change how it succeeded', async () => {
      const { result, writes, done, row } = await closeWith(PAYS, message);
      expect(result).toMatchObject({ status: 'succeeded', output: 7 });
      expect(done).toEqual(['pay']);
      expect(writes.map((write) => write.status)).toEqual(['succeeded', 'succeeded']);
      expect(row).toMatchObject({ status: 'succeeded', output: 7, steps: [{ path: 'pay', status: 'succeeded' }] });
      expect(writes[1]!.historyLength).toBeGreaterThan(writes[0]!.historyLength);
      expect(row).toMatchObject({ endedAt: writes[1]!.endedAt, temporalRunId: writes[1]!.temporalRunId });
    });

    it('does not change how it failed, and nothing is undone twice', async () => {
      const { result, done, row } = await closeWith(FAILS, message);
      expect(result).toMatchObject({ status: 'failed', error: { code: 'no.good' } });
      expect(done).toEqual(['pay', 'pay.compensate']);
      expect(row).toMatchObject({ status: 'failed', error: { code: 'no.good', step: 'no' } });
      expect(row?.steps.map((step) => step.path)).toEqual(['pay', 'no', 'pay.compensate']);
    });
  });

  // Temporal delivers signals before results: in the repeated task, the signal comes first and is still heard.
  it('a signal that the run still waited for is taken, and the record tells that outcome', async () => {
    const { result, writes, done, row } = await closeWith(RACES, signal);
    expect(result).toMatchObject({ status: 'succeeded', output: { winner: 'paid' } });
    expect(done).toEqual(['first.pay', 'first.pay.compensate']);
    expect(row).toMatchObject({ status: 'succeeded', output: result.output, endedAt: writes.at(-1)!.endedAt });
  });

  it('a signal and another cancel do not keep a cancelled run from its record', async () => {
    const waiting = (handle: WorkflowHandle) =>
      expect
        .poll(async () => ((await handle.query('ask')) as { waits: unknown[] }).waits.length, { timeout: 10_000 })
        .toBe(1);
    const { result, done, row } = await closeWith(
      WAITS,
      async (handle) => {
        await signal(handle);
        await cancel(handle);
      },
      async (handle) => {
        await waiting(handle);
        await cancel(handle);
      },
    );
    expect(result.status).toBe('cancelled');
    expect(done).toEqual(['pay', 'pay.compensate']);
    expect(row).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' }, waits: [] });
    expect(row?.endedAt).not.toBeNull();
  });
});

describeWith(['temporal'], "while Blok's database", () => {
  let test: TestWorker;
  let gate: Gate;
  let started = 0;
  const { nodes } = testNodes();
  // A worker remembers that its database was unavailable.
  beforeEach(async () => {
    gate = await openGate();
    test = await startTestWorker({ nodes, through: gate.through, workflowBundle: bundle });
  });
  afterEach(async () => {
    await test.dispose();
    await gate.close();
  });

  /** Starts a run as the API does, with its opening row. */
  async function start(text: string, options: RunOptions = {}) {
    const runId = `rclosing${started++}`;
    const handle = await test.start(text, { ...options, runId });
    const { workflowId } = handle;
    const opening = runRecord({ workspace: WORKSPACE, runId, workflowId, workflow: 'closing', version: null });
    await withWorkspace(test.database, WORKSPACE, (tx) => upsertRun(tx, opening));
    return handle;
  }

  async function timed<T>(work: Promise<T>): Promise<{ value: T; took: number }> {
    const began = Date.now();
    return { value: await work, took: Date.now() - began };
  }

  /** One round of the API's reconciler, over all runs. */
  async function round() {
    const runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default' });
    const log = createLog({ level: 'silent' });
    try {
      return await reconcile({ database: test.database, runs, workspace: WORKSPACE, log }, undefined, {
        olderThanMs: -60_000,
      });
    } finally {
      await runs.close();
    }
  }

  /** The reconciler writes the rows of these runs; some of the abandoned writes may get through before that. */
  async function reconciled(handles: readonly WorkflowHandle[], row: object): Promise<void> {
    await expect
      .poll(
        async () => {
          await round();
          return Promise.all(handles.map((handle) => rowOf(test, runIdOf(handle))));
        },
        { timeout: 20_000 },
      )
      .toMatchObject(handles.map(() => row));
  }

  it('refuses connections, a run closes, and the reconciler writes its row', async () => {
    await gate.set('refuse');
    const handle = await start(PAYS);
    const { value, took } = await timed(resultOf(handle));
    expect(value).toMatchObject({ status: 'succeeded', output: 7 });
    expect(took).toBeLessThan(5_500);
    expect(await rowOf(test, runIdOf(handle))).toMatchObject({ status: 'running', endedAt: null });
    await gate.set('pass');
    expect((await round()).closed).toBe(1);
    const row = await rowOf(test, runIdOf(handle));
    expect(row).toMatchObject({ status: 'succeeded', output: 7, error: null });
    expect(Date.parse(row!.endedAt!)).toBeLessThanOrEqual(Date.now());
  });

  it('answers nothing, runs close in time and delay no other work for long', async () => {
    await gate.set('hang');
    // One at a time, because the writes of the first runs take all the time that they may.
    const handles: WorkflowHandle[] = [];
    const times: number[] = [];
    for (let i = 0; i < 4; i++) {
      const handle = await start(PAYS);
      handles.push(handle);
      const { value, took } = await timed(resultOf(handle));
      expect(value).toMatchObject({ status: 'succeeded', output: 7 });
      times.push(took);
    }
    expect(Math.max(...times)).toBeLessThan(6_500);
    // By now the worker knows that the database does not answer, and no longer waits for it.
    expect(times.at(-1)).toBeLessThan(1_000);
    await gate.set('pass');
    await reconciled(handles, { status: 'succeeded', output: 7 });
  });

  it('answers nothing, many closing runs delay no other run for long', async () => {
    // More than the worker has places for workflow tasks.
    const many = () => Promise.all(Array.from({ length: 60 }, () => start(SMALL)));
    const other = () => timed(test.start(PAYS).then(resultOf));
    const usual = await Promise.all([many(), other()]).then(([, { took }]) => took);
    await gate.set('hang');
    const handles = await many();
    const { took } = await other();
    expect(took).toBeLessThan(usual + 4_000);
    for (const handle of handles) expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: 1 });
    await gate.set('pass');
    await reconciled(handles, { status: 'succeeded', output: 1 });
  });

  it('answers nothing, a run that writes a record on its way is delayed and does not fail', async () => {
    await gate.set('hang');
    await Promise.all(Array.from({ length: 3 }, () => test.start(PAYS).then(resultOf)));
    const handle = await start(WAITS);
    await expect
      .poll(async () => ((await handle.query('ask')) as { waits: unknown[] }).waits.length, { timeout: 10_000 })
      .toBe(1);
    await gate.set('pass');
    const inIndex = async () => (await rowOf(test, runIdOf(handle)))?.waits.map((wait) => wait.step);
    await expect.poll(inIndex, { timeout: 60_000, interval: 250 }).toEqual(['paid']);
    await handle.signal('event', { id: 'e', name: 'paid', key: null, data: 1, at: new Date().toISOString() });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
  });
});

describeWith(['temporal'], 'a run that reaches its limit with hundreds of steps in flight', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes, workflowBundle: bundle });
  });
  afterAll(() => test.dispose());

  it('stops them before it closes, although one of them ends every few milliseconds', async () => {
    // As slow as it takes to get room for many.
    const slow = { uses: 'test.slow', with: { ms: 1_500 } };
    const nodes = Object.fromEntries(Array.from({ length: 1_900 }, (_, i) => [`n${i}`, slow]));
    const handle = await test.start(graph({ timeout: '7s', nodes }));
    expect(await resultOf(handle)).toMatchObject({ status: 'timed-out' });
    const [execution] = await executionsOf(test.client, handle.workflowId);
    const { events } = execution!;
    const stops = events.filter((event) => event.activityTaskCancelRequestedEventAttributes);
    const lastStop = events.indexOf(stops.at(-1)!);
    expect(stops.length).toBeGreaterThan(50);
    // While the stops went together with the close, none was heard: all of 500 began, and the run closed seven times.
    expect(events.slice(lastStop).filter((event) => event.workflowTaskCompletedEventAttributes)).not.toHaveLength(0);
    // The server threw a task away whenever a hundred results came meanwhile, and with it the stops.
    const failed = eventsWith([execution!], 'workflowTaskFailedEventAttributes');
    expect(failed.filter(({ cause }) => cause === FORCE_CLOSE)).toEqual([]);
  });

  it('tells those that are left in its process at once, not with their next heartbeats', async () => {
    const long = { uses: 'test.slow', with: { ms: 60_000 } };
    const nodes = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}`, long]));
    const handle = await test.start(graph({ timeout: '2s', nodes }));
    expect(await resultOf(handle)).toMatchObject({ status: 'timed-out' });
    const runId = runIdOf(handle);
    const stopped = () => outside.calls.filter((call) => call.runId === runId && call.stopped).length;
    await expect.poll(stopped, { timeout: 3_000 }).toBe(40);
  });
});
