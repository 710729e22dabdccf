import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gate, openGate } from '../scripts/testing/gate.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker } from '../worker/testing/worker.ts';

describeWith(['temporal'], "while Blok's own database is unavailable", () => {
  let test: TestWorker;
  let way: Gate;
  beforeAll(async () => {
    way = await openGate();
    test = await startTestWorker({ through: way.through });
  });
  afterAll(async () => {
    await test.dispose();
    await way.close();
  });

  it('a step waits for the database, and keeps all its attempts for its own work', async () => {
    await way.set('refuse');
    const handle = await test.start(`
blok: 1
name: away
nodes:
  keep: { uses: kv.set, with: { key: k, value: 1 }, retry: { maxAttempts: 1 }, timeout: 1m }
output: "\${{ nodes.keep.value }}"
`);
    // Longer than one pause, shorter than half of what the attempt may take.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await way.set('pass');
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: 1 });
  });
});
