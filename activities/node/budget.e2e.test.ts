/** What calls to models cost, with the real node, Temporal, Postgres and two workers, and a provider that counts what it charges. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseKeyring, putBudget, putConnection, usageInAll, withWorkspace } from '../../db/index.ts';
import { formatMoney, parseMoney } from '../../graph/money.ts';
import { startFakeModels } from '../../integrations/ai/testing/fake-models.ts';
import { USED } from '../../integrations/ai/testing/fake-state.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { type GraphWorker, startGraphWorker } from '../../worker/testing/graph-worker.ts';
import { resultOf, startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

/** The provider's price list for `gpt-6-luna`, as its bill says it: millionths of a millionth of a dollar. */
const BILL =
  BigInt(USED.input) * 100_000n +
  BigInt(USED.cacheRead) * 10_000n +
  BigInt(USED.cacheWrite) * 125_000n +
  BigInt(USED.output) * 500_000n;

const GRAPH = `
blok: 1
name: ask
nodes:
  ask: { uses: ai.generate, connection: models, with: { model: gpt-6-luna-2026-09-22, prompt: Hello, maxOutputTokens: 100 } }
output: "\${{ nodes.ask.cost }}"
`;

describeWith(['temporal'], 'a hard budget', () => {
  let first: TestWorker;
  let second: GraphWorker;
  let models: Awaited<ReturnType<typeof startFakeModels>>;
  beforeAll(async () => {
    first = await startTestWorker({ allowHosts: ['127.0.0.1'] });
    const { databaseUrl, taskQueue } = first;
    second = await startGraphWorker({
      ...{ address: sharedTemporal().address, databaseUrl, taskQueue, allowHosts: ['127.0.0.1'] },
    });
    models = await startFakeModels();
  });
  afterAll(async () => {
    for (const { provider } of Object.values(models ?? {})) await provider.close();
    await second?.dispose();
    await first?.dispose();
  });

  it('is not passed by 64 parallel runs on two workers, and usage is what the provider charges, to the last digit', async () => {
    const { connection, provider } = models['OpenAI, Responses API']!;
    const amount = parseMoney('0.0008')!;
    await withWorkspace(first.database, WORKSPACE, async (tx) => {
      const { type, data } = connection;
      await putConnection(tx, { name: 'models', type, data, hosts: ['127.0.0.1'], keyring: parseKeyring(TEST_KEY) });
      await putBudget(tx, { name: 'b', scope: 'workspace', workflow: null, period: 'total', kind: 'hard', amount });
    });
    const handles = await Promise.all(Array.from({ length: 64 }, () => first.start(GRAPH)));
    const ends = await Promise.all(handles.map(resultOf));
    const succeeded = ends.filter(({ status }) => status === 'succeeded');
    const failed = ends.filter(({ status }) => status === 'failed');
    for (const { error } of failed) expect(error).toMatchObject({ code: 'ai.budget', attempts: 1 });
    const charged = BILL * BigInt(provider.state.made);
    expect(succeeded.length).toBe(provider.state.made);
    expect(succeeded.length + failed.length).toBe(64);
    expect(charged <= amount).toBe(true);
    // The next call would not have fitted, so the budget was used as far as it goes.
    expect(succeeded.length).toBeGreaterThanOrEqual(10);
    expect(new Set(succeeded.map(({ output }) => output))).toEqual(new Set([formatMoney(BILL)]));
    const usage = await withWorkspace(first.database, WORKSPACE, (tx) =>
      usageInAll(tx, { from: '2000-01-01', to: '2100-01-01' }),
    );
    expect(usage).toMatchObject({ calls: provider.state.made, cost: charged, open: 0, reserved: 0n, unpriced: 0 });
  });
});
