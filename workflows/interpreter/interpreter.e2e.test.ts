import { afterAll, beforeAll, expect, it } from 'vitest';
import { getRun, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

describeWith(['temporal'], 'the interpreter on a real server', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker();
  });
  afterAll(() => test.dispose());

  it('runs effects, choices and expressions, and writes the record', async () => {
    const handle = await test.start(
      `
blok: 1
name: first
nodes:
  seen: { uses: kv.get, with: { key: seen } }
  fresh: { uses: if, needs: [seen], with: { test: "\${{ nodes.seen.value == null }}" } }
  keep: { uses: kv.set, needs: [fresh.true], with: { key: seen, value: "\${{ input.n * 2 }}" } }
  again: { uses: kv.get, needs: [keep], with: { key: seen } }
output: "\${{ nodes.again.value }}"
`,
      { input: { n: 21 } },
    );
    const result = await resultOf(handle);
    expect(result).toMatchObject({ status: 'succeeded', output: 42 });
    const run = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: result.runId }));
    expect(run?.status).toBe('succeeded');
    expect(run?.steps.map((step) => `${step.path} ${step.status}`)).toEqual([
      'seen succeeded',
      'fresh succeeded',
      'keep succeeded',
      'again succeeded',
    ]);
    const { events } = await handle.fetchHistory();
    const scheduled = events!.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
    expect(scheduled.map((event) => `${event.activityType?.name} ${event.activityId}`)).toEqual([
      'kv.get seen',
      'kv.set keep',
      'kv.get again',
    ]);
  });

  it('waits, takes events and decisions, and says what it waits for', async () => {
    const handle = await test.start(`
blok: 1
name: waits
nodes:
  pause: { uses: wait, with: { for: 100ms } }
  paid: { uses: waitForEvent, needs: [pause], with: { event: paid, key: o-1 } }
  ok: { uses: approval, needs: [paid], with: { title: Ship it?, to: ["role:ops"] } }
output: { by: "\${{ nodes.ok.by }}", amount: "\${{ nodes.paid.data.amount }}" }
`);
    await handle.signal('event', {
      id: 'e1',
      name: 'paid',
      key: 'o-1',
      data: { amount: 5 },
      at: new Date().toISOString(),
    });
    await expect
      .poll(async () => ((await handle.query('ask')) as { waits: { step: string }[] }).waits.map((wait) => wait.step), {
        timeout: 10_000,
      })
      .toEqual(['ok']);
    await handle.executeUpdate('approve', { args: [{ step: 'ok', decision: 'approved', by: 'ann' }] });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: { by: 'ann', amount: 5 } });
  });

  it('carries a long loop over continue-as-new, in child workflows', async () => {
    const handle = await test.start(
      `
blok: 1
name: long-loop
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 4 }
    nodes:
      twice: { uses: set, with: { value: "\${{ item * 2 + index }}" } }
    output: "\${{ nodes.twice }}"
  count: { uses: set, needs: [each], with: { value: "\${{ nodes.each.count }}" } }
output: { count: "\${{ nodes.count }}", last: "\${{ nodes.each.results.at(-1) }}" }
`,
      { input: Array.from({ length: 1_000 }, (_, i) => i) },
    );
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: { count: 1_000, last: 2_997 } });
  });

  it('fails, and says so, if its output is missing in the stored data that it refers to', async () => {
    const reading = (path: string) => `
blok: 1
name: missing
nodes:
  rows: { uses: code.javascript, with: { source: "return Array.from({ length: 20000 }, (_, i) => ({ id: i }))" } }
  it: { uses: set, needs: [rows], with: { value: "\${{ ${path} }}" } }
output: "\${{ nodes.it }}"
`;
    const failed = await resultOf(await test.start(reading('nodes.rows[0].nobody.name')));
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'expression', message: expect.stringMatching(/^output: Cannot read "name" of undefined/) },
    });
    const run = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: failed.runId }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'expression' } });
    const fine = await resultOf(await test.start(reading("nodes.rows[0].nobody?.name ?? 'nobody'")));
    expect(fine).toMatchObject({ status: 'succeeded', output: 'nobody' });
  });

  it('undoes what was done when a later step fails', async () => {
    const handle = await test.start(`
blok: 1
name: saga
nodes:
  book:
    uses: kv.set
    with: { key: booking, value: booked, scope: workspace }
    compensate: { uses: kv.set, with: { key: booking, value: cancelled, scope: workspace } }
  pay: { uses: fail, needs: [book], with: { code: card.declined, message: "No money" } }
`);
    const result = await resultOf(handle);
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'card.declined', message: 'No money', step: 'pay' },
    });
    const run = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: result.runId }));
    expect(run?.steps.map((step) => `${step.path} ${step.status}`)).toEqual([
      'book succeeded',
      'pay failed',
      'book.compensate succeeded',
    ]);
  });
});
