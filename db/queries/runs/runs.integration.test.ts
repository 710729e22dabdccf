import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { until } from '../../../embedded/process/wait.ts';
import type { RunRecord, WaitRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { appendSteps, closeRun, LAST_POSITION, upsertRun } from './record-run.ts';
import { areOpen, getRun, openRuns } from './runs.ts';

const store = useDatabase();
const write = (change: Partial<RunRecord>) => store.inside((tx) => upsertRun(tx, runRecord(change)));
const read = (runId: string) => store.inside((tx) => getRun(tx, { runId }));
const ended = { status: 'succeeded', endedAt: '2026-01-01T00:00:05.000Z', output: 'done' } as const;

describe('upsertRun', () => {
  it('keeps a run with steps and waits', async () => {
    const waits: WaitRecord[] = [
      {
        step: 'ask',
        kind: 'approval',
        since: '2026-01-01T00:00:03.000Z',
        until: null,
        key: null,
        detail: { to: ['role:x'] },
      },
    ];
    const steps = [stepRecord({ path: 'b' }), stepRecord({ path: 'a', label: 'A \u0000' })];
    expect(await write({ runId: 'whole', historyLength: 5, steps, waits })).toBe(true);
    const run = await read('whole');
    expect(run).toMatchObject({
      status: 'running',
      input: { name: 'Ada' },
      startedAt: '2026-01-01T00:00:00.123Z',
      endedAt: null,
    });
    expect(run!.steps).toEqual(steps);
    expect(run!.waits).toEqual(waits);
  });

  it('keeps the input of an opening write that waits while the closing write commits', async () => {
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const { promise: written, resolve: wrote } = Promise.withResolvers<void>();
    const closing = store.inside(async (tx) => {
      await upsertRun(tx, runRecord({ runId: 'overtaken', historyLength: 9, input: null, ...ended }));
      wrote();
      await mayCommit;
    });
    await written;
    const opening = write({ runId: 'overtaken', historyLength: 0 });
    const isBlocked = sql`select 1 from pg_locks where not granted`;
    const blocked = () => store.inside((tx) => tx.db.execute(isBlocked)).then(({ rows }) => rows.length > 0);
    expect(await until(blocked, { withinMs: 5_000 })).toBe(true);
    commit();
    await closing;
    expect(await opening).toBe(false);
    expect(await read('overtaken')).toMatchObject({ status: 'succeeded', output: 'done', input: { name: 'Ada' } });
  });

  it('lets nothing replace a record at the last position', async () => {
    await write({ runId: 'told', historyLength: LAST_POSITION, steps: [stepRecord({ output: 1 })], ...ended });
    const again = { historyLength: 6, steps: [stepRecord({ output: 2 })], ...ended, output: 'another' };
    expect(await write({ runId: 'told', ...again })).toBe(false);
    expect(await read('told')).toMatchObject({ output: 'done', steps: [{ output: 1 }] });
  });

  it('gives the same result whatever the order of the writes', async () => {
    const opening = runRecord({ runId: 'o' });
    const flush = runRecord({
      runId: 'o',
      segment: 0,
      historyLength: 90,
      input: null,
      steps: [stepRecord({ path: 's1' })],
    });
    const next = runRecord({
      runId: 'o',
      segment: 1,
      historyLength: 8,
      temporalRunId: 't2',
      input: null,
      steps: [stepRecord({ path: 's2' })],
    });
    const closing = runRecord({
      runId: 'o',
      segment: 1,
      historyLength: 20,
      temporalRunId: 't2',
      input: null,
      ...ended,
      steps: [stepRecord({ path: 's1', output: 'again' }), stepRecord({ path: 's3' })],
    });
    const writes = [opening, flush, next, closing];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
      [0, 0, 3, 3, 1, 1, 2],
    ];
    const seen = [];
    for (const [i, order] of orders.entries()) {
      for (const at of order) await write({ ...writes[at]!, runId: `o${i}`, workflowId: 'o' });
      const { id, ...run } = (await read(`o${i}`))!;
      seen.push(run);
    }
    expect(seen[0]).toMatchObject({ status: 'succeeded', output: 'done', temporalRunId: 't2', input: { name: 'Ada' } });
    expect(seen[0]!.steps.map((s) => [s.path, s.output])).toEqual([
      ['s2', 1],
      ['s1', 'again'],
      ['s3', 1],
    ]);
    for (const run of seen) expect(run).toEqual(seen[0]);
  });

  it('takes a repeated closing write with different content, and reopens nothing', async () => {
    await write({ runId: 'c', historyLength: 10, ...ended });
    expect(await write({ runId: 'c', historyLength: 10, ...ended, status: 'cancelled' })).toBe(true);
    expect(await write({ runId: 'c', historyLength: 99, status: 'running' })).toBe(false);
    expect(await read('c')).toMatchObject({ status: 'cancelled' });
  });

  it('replaces the wait index whole, and empties it at the end', async () => {
    const wait = (step: string) =>
      ({
        step,
        kind: 'timer',
        since: '2026-01-01T00:00:00.000Z',
        until: '2026-02-01T00:00:00.000Z',
        key: null,
      }) as const;
    await write({ runId: 'w', historyLength: 1, waits: [wait('a'), wait('b')] });
    await write({ runId: 'w', historyLength: 2, waits: [wait('c')] });
    await write({ runId: 'w', historyLength: 1, waits: [wait('late')] });
    expect((await read('w'))!.waits).toEqual([wait('c')]);
    await write({ runId: 'w', historyLength: 3, ...ended, waits: [wait('c')] });
    expect((await read('w'))!.waits).toEqual([]);
  });

  it('keeps 3,000 steps of one write in order', async () => {
    const steps = Array.from({ length: 3000 }, (_, i) => stepRecord({ path: `each[${i}].x`, output: { i } }));
    await write({ runId: 'many', historyLength: 3, steps });
    expect((await read('many'))!.steps).toEqual(steps);
  });

  it('loses nothing of values that jsonb refuses or reorders', async () => {
    let deep: unknown = 'bottom';
    for (let i = 0; i < 3000; i++) deep = [deep];
    const odd = { '10': 1, '9': '\u0000', a: '\ud800 \udfff', quote: '"\\u0000', num: 1e-7, empty: '', deep };
    const text = '{"not":"an object"}';
    const error = {
      code: 'x',
      message: 'm\u0000\ud800'.repeat(300),
      step: 'a',
      node: 'a',
      attempts: 1,
      unknown: false,
      details: odd as never,
    };
    await write({
      runId: 'odd',
      historyLength: 3,
      input: odd as never,
      output: text,
      error,
      trigger: { id: null, uses: 'webhook', at: '2026-01-01T00:00:00.000Z', key: null, body: odd as never },
      steps: [
        stepRecord({
          input: odd as never,
          output: '123',
          error,
          outputRef: { sha256: 'ff', size: 3, preview: '\u0000' },
        }),
        stepRecord({ path: 'b', output: null }),
      ],
      waits: [
        {
          step: 'a',
          kind: 'event',
          event: 'e\u0000',
          key: '\ud800'.repeat(5000),
          since: '2026-01-01T00:00:00.000Z',
          until: null,
          detail: odd as never,
        },
      ],
    });
    const run = (await read('odd'))!;
    expect(JSON.stringify(run.input)).toBe(JSON.stringify(odd));
    expect(run.output).toBe(text);
    expect(run.error).toEqual(error);
    expect(JSON.stringify(run.trigger.body)).toBe(JSON.stringify(odd));
    expect(run.steps[0]).toMatchObject({ output: '123', error, outputRef: { preview: '\u0000' } });
    expect(run.steps[1]!.output).toBeNull();
    expect(run.waits[0]).toMatchObject({ event: 'e\u0000', key: '\ud800'.repeat(5000) });
    expect(JSON.stringify(run.waits[0]!.detail)).toBe(JSON.stringify(odd));
  });

  it('is not seen by another workspace, which may have the same id', async () => {
    await write({ runId: 'same' });
    expect(await store.inside((tx) => getRun(tx, { runId: 'same' }), 'b')).toBeNull();
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'same', workspace: 'b', workflow: 'theirs' })), 'b');
    expect(await read('same')).toMatchObject({ workflow: 'hello' });
  });
});

describe('appendSteps', () => {
  it('adds steps before the closing write, which wins if both hold the same step; all in the order in which they ended', async () => {
    const at = (second: number) => ({ endedAt: `2026-01-01T00:00:0${second}.000Z` });
    await write({ runId: 'append' });
    const early = [stepRecord({ path: 'b', ...at(2) }), stepRecord({ path: 'a', output: 'early', ...at(1) })];
    await store.inside((tx) => appendSteps(tx, { runId: 'append', steps: early }));
    const late = [
      stepRecord({ path: 'd', ...at(4) }),
      stepRecord({ path: 'c', ...at(3) }),
      stepRecord({ path: 'a', output: 'late', ...at(1) }),
    ];
    await write({ runId: 'append', historyLength: 9, ...ended, steps: late });
    await store.inside((tx) => appendSteps(tx, { runId: 'append', steps: early }));
    expect((await read('append'))!.steps.map((s) => [s.path, s.output])).toEqual([
      ['a', 'late'],
      ['b', 1],
      ['c', 1],
      ['d', 1],
    ]);
  });
});

describe('closeRun', () => {
  const closed = { status: 'terminated', output: null, error: null, endedAt: '2026-01-01T01:00:00.000Z' } as const;

  it('closes an open run once, keeps its input, and yields to the interpreter’s own closing write', async () => {
    await write({ runId: 'lost', historyLength: 4 });
    expect(await store.inside((tx) => closeRun(tx, { runId: 'lost', ...closed }))).toBe(true);
    expect(await store.inside((tx) => closeRun(tx, { runId: 'lost', ...closed, status: 'failed' }))).toBe(false);
    expect(await read('lost')).toMatchObject({
      status: 'terminated',
      endedAt: closed.endedAt,
      input: { name: 'Ada' },
      waits: [],
    });
    await write({ runId: 'lost', historyLength: 9, ...ended, steps: [stepRecord()] });
    expect(await read('lost')).toMatchObject({ status: 'succeeded', steps: [{ path: 'a' }] });
  });
});

describe('areOpen', () => {
  it('counts the open runs of the workspace up to a number', async () => {
    const inside = <T>(fn: (tx: Tenant) => Promise<T>) => store.inside(fn, 'full');
    for (const runId of ['one', 'two', 'three'])
      await inside((tx) => upsertRun(tx, runRecord({ workspace: 'full', runId })));
    await inside((tx) => upsertRun(tx, runRecord({ workspace: 'full', runId: 'one', historyLength: 9, ...ended })));
    expect(await inside((tx) => areOpen(tx, { count: 2 }))).toBe(true);
    expect(await inside((tx) => areOpen(tx, { count: 3 }))).toBe(false);
  });
});

describe('openRuns', () => {
  it('gives open runs of some age, page by page', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'open');
    for (const id of ['a', 'b', 'c']) await inside((tx) => upsertRun(tx, runRecord({ runId: id })));
    await inside((tx) => upsertRun(tx, runRecord({ runId: 'done', ...ended })));
    await inside((tx) => upsertRun(tx, runRecord({ runId: 'new', startedAt: new Date().toISOString() })));
    const first = await inside((tx) => openRuns(tx, { olderThanMs: 10_000, limit: 2 }));
    expect(first.map((r) => r.id)).toEqual(['a', 'b']);
    const rest = await inside((tx) => openRuns(tx, { olderThanMs: 10_000, limit: 2, after: 'b' }));
    expect(rest.map((r) => r.id)).toEqual(['c']);
  });
});
