import { afterAll, beforeAll, expect, it } from 'vitest';
import { getWaits, recentCounts, waitingRuns, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

const graph = (name: string, rateLimit: string, more = '') => `
blok: 1
name: ${name}
rateLimit: { key: "\${{ input.customer }}", ${rateLimit} }
${more}
nodes:
  go: { uses: set, with: { value: "\${{ now }}" } }
`;

describeWith(['temporal'], 'rateLimit', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker();
  });
  afterAll(() => test.dispose());

  const start = (text: string, runId: string, more: object = {}, customer = 'ann') =>
    test.start(text, { input: { customer }, runId, ...more });
  const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(test.database, WORKSPACE, fn);
  const waits = (runId: string) =>
    expect
      .poll(() => inside((tx) => getWaits(tx, { runId })), { timeout: 15_000 })
      .toMatchObject([{ kind: 'queue', until: expect.stringMatching(/Z$/), detail: { word: 'rateLimit' } }]);

  it('lets runs wait for their turn, and says when that is', async () => {
    const text = graph('turns', 'limit: 1, per: 4s');
    const first = await start(text, 'rt1');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
    const second = await start(text, 'rt2');
    await waits('rt2');
    const third = await test.start(text, { input: { customer: 'ann' }, runId: 'rt3' });
    await waits('rt3');
    const queue = await inside((tx) => waitingRuns(tx, { workflow: 'turns', limit: 10 }));
    expect(queue.waiting).toMatchObject([
      { runId: 'rt2', word: 'rateLimit', position: 1, key: 'ann', priority: 3, until: expect.stringMatching(/Z$/) },
      { runId: 'rt3', position: 2 },
    ]);
    expect(await resultOf(await start(text, 'rt4', {}, 'bob'))).toMatchObject({ status: 'succeeded' });
    const ends = [await resultOf(second), await resultOf(third)];
    expect(ends).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect((await inside((tx) => waitingRuns(tx, { workflow: 'turns', limit: 10 }))).count).toBe(0);
  });

  it('drops a run that exceeds the limit, and counts that', async () => {
    const text = graph('short', 'limit: 1, per: 1h, onLimit: drop');
    const trigger = { id: 'in', uses: 'event', at: '', key: null };
    expect(await resultOf(await start(text, 'rs1', { trigger }))).toMatchObject({ status: 'succeeded' });
    expect(await resultOf(await start(text, 'rs2', { trigger }))).toMatchObject({
      status: 'cancelled',
      error: { message: expect.stringContaining('Dropped: 1 of short have begun within 3600 s') },
    });
    expect(await inside((tx) => recentCounts(tx, { workflow: 'short' }))).toMatchObject([
      { trigger: 'in', outcome: 'dropped', count: 1 },
    ]);
  });

  it('gives the turn of a run that is cancelled while it waits to the next one', async () => {
    const text = graph('left', 'limit: 1, per: 8s', 'concurrency: { limit: 10 }');
    expect(await resultOf(await start(text, 'rl1'))).toMatchObject({ status: 'succeeded' });
    const began = Date.now();
    const second = await start(text, 'rl2');
    await waits('rl2');
    const third = await start(text, 'rl3');
    await waits('rl3');
    await second.cancel();
    expect(await resultOf(second)).toMatchObject({ status: 'cancelled' });
    expect(await resultOf(third)).toMatchObject({ status: 'succeeded' });
    // Its own turn would have been 16 s after the first.
    expect(Date.now() - began).toBeLessThan(14_000);
  });
});
