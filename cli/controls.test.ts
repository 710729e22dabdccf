import { describe, expect, it } from 'vitest';
import { cli, NOW } from './testing/harness.ts';

const control = {
  ...{ id: 'k', action: 'skip', step: 'each[0].a', by: 'ann', reason: 'broken', at: '2026-11-21T10:00:00.000Z' },
  outcome: 'done',
};
const run = {
  ...{ id: 'r2', workflow: 'pay', version: 1, status: 'running', startedAt: '2026-11-21T10:00:00.000Z' },
  ...{ endedAt: null, output: null, error: null, steps: [], waits: [] },
};

describe('blok step', () => {
  const at = (verb: string, method = 'POST') => `${method} /api/runs/r1/steps/each%5B0%5D.a/${verb}`;

  it.each([
    ['retry', [], {}],
    ['timeout', ['--reason', 'late'], { reason: 'late' }],
    ['skip', ['--output', '{"n":1}'], { output: { n: 1 } }],
    ['complete', ['--data', '"approved"'], { data: 'approved' }],
    ['pause', [], {}],
    ['unpause', [], {}],
    ['reset', ['--keep-paused'], { keepPaused: true, resetHeartbeat: false }],
  ])('%s %j', async (verb, options, body) => {
    const result = await cli(['step', verb, 'r1', 'each[0].a', ...options], {
      answers: { [at(verb)]: [{ body: control }] },
    });
    expect([result.code, result.out]).toEqual([0, '✔ skip each[0].a']);
    expect(result.seen[0]).toMatchObject({ body, headers: { 'idempotency-key': expect.any(String) } });
  });

  it('options', async () => {
    const result = await cli(['step', 'options', 'r1', 'each[0].a', '--max-attempts', '9', '--attempt-timeout', '1h'], {
      answers: { [at('options', 'PATCH')]: [{ body: control }] },
    });
    expect(result.seen[0]).toMatchObject({ body: { maxAttempts: 9, attemptTimeout: '1h' } });
  });
});

describe('blok rerun', () => {
  it('says what is taken over and what runs again, and prints the id of the new run', async () => {
    const body = { run, takenOver: ['a'], again: [{ step: 'b', why: 'undone' }], notes: ['A note.'] };
    const result = await cli(['rerun', 'r1', '--from', 'c', '--output', 'a={"n":2}', '--in-version', '3'], {
      answers: { 'POST /api/runs/r1/rerun': [{ status: 202, body }] },
    });
    expect([result.code, result.out]).toEqual([0, 'r2']);
    expect(result.err).toContain('Taken over: a\nRuns again: b (undone)\nA note.');
    expect(result.seen[0]).toMatchObject({ body: { from: 'c', outputs: { a: { n: 2 } }, version: 3 } });
  });

  it('starts nothing when it only looks', async () => {
    const result = await cli(['rerun', 'r1', '--dry'], {
      answers: { 'POST /api/runs/r1/rerun': [{ body: { run: null, takenOver: [], again: [], notes: [] } }] },
    });
    expect([result.out, result.err]).toEqual(['', 'Nothing was started. Leave --dry out to start it.']);
    expect(result.seen[0]).toMatchObject({ body: { dryRun: true } });
  });
});

describe('blok bulk', () => {
  const path = 'POST /api/runs/bulk';
  const counted = { count: 2, more: false, done: null, failed: [] };

  it('shows the count, and acts on that many runs if somebody agrees', async () => {
    const done = { count: 2, more: false, done: 1, failed: [{ run: 'r9', code: 'run.ended' }] };
    const answers = { [path]: [{ body: counted }, { body: done }] };
    const result = await cli(['bulk', 'terminate', '--workflow', 'pay', '--yes'], { answers });
    expect([result.code, result.out]).toEqual([1, '✔ 1 done']);
    expect(result.err).toContain('2 runs match.');
    expect(result.err).toContain('r9: run.ended');
    expect(result.seen.map(({ body }) => body)).toEqual([
      { action: 'terminate', filter: { workflow: 'pay' } },
      { action: 'terminate', filter: { workflow: 'pay' }, expected: 2 },
    ]);
  });

  it('takes the options of the list of runs', async () => {
    const argv = ['bulk', 'rerun', '--error', 'http.404', '--of-version', '3', '--since', '12h', '--filter', 'mine'];
    const result = await cli([...argv, '--waits', 'retry'], { answers: { [path]: [{ body: counted }] } });
    const from = new Date(NOW - 12 * 3_600_000).toISOString();
    expect(result.seen[0]!.body).toEqual({
      action: 'rerun',
      filter: { error: 'http.404', version: '3', from, filter: 'mine', waits: 'retry' },
    });
  });

  it('does nothing if nobody agrees', async () => {
    const result = await cli(['bulk', 'cancel', '--status', 'waiting'], { answers: { [path]: [{ body: counted }] } });
    expect([result.code, result.seen.length]).toEqual([0, 1]);
    expect(result.err).toContain('Nothing was done');
  });
});

describe('blok compare, controls and terminate', () => {
  it('show where two runs differ', async () => {
    const steps = [{ path: 'a', change: 'differs', fields: ['output'], leftMs: 5, rightMs: null }];
    const result = await cli(['compare', 'r1', 'r2'], {
      answers: {
        'GET /api/runs/r1/compare': [
          { body: { left: run, right: run, outputDiffers: true, same: 3, different: 1, steps, more: false } },
        ],
      },
    });
    expect([result.code, result.out]).toEqual([1, '~ a  output  5 ms → –']);
    expect(result.err).toBe('3 steps are the same, 1 differ. The output differs.');
  });

  it('list what operators did, and end a run', async () => {
    const listed = await cli(['controls', 'r1'], {
      answers: { 'GET /api/runs/r1/controls': [{ body: { items: [control] } }] },
    });
    expect(listed.out).toBe('2026-11-21T10:00:00.000Z  ann  skip each[0].a  done  broken');
    const ended = { ...run, status: 'terminated', endedAt: run.startedAt };
    const result = await cli(['terminate', 'r1', '--reason', 'enough'], {
      answers: { 'POST /api/runs/r1/terminate': [{ body: ended }] },
    });
    expect([result.code, result.seen[0]!.body]).toEqual([0, { reason: 'enough' }]);
  });
});
