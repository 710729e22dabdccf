/** A run that watches a wallet for ninety days: it looks exactly as often as it should, and its history stays short. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseKeyring, putConnection, withWorkspace } from '../db/index.ts';
import { type Scene, setScene } from '../integrations/solana/testing/scene.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { timeSkippingServer } from '../scripts/testing/temporal/time-skipping.ts';
import { type OwnTemporal, ownTemporal } from '../scripts/testing/temporal.ts';
import { installRuntime } from '../worker/runtime.ts';
import { type Execution, executionsOf } from '../worker/testing/history.ts';
import { resultOf, startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../worker/testing/worker.ts';

const DAY_MS = 86_400_000;
/** Every day for ninety days; `BLOK_SCALE=all`: every hour. */
const HOURS = process.env.BLOK_SCALE === 'all' ? 1 : 24;
const LOOKS = (90 * 24) / HOURS;

/** Looks at a wallet, and notes each time it falls below 100 SOL, once until it has recovered. */
const monitor = (pause: string, looks: number) => `
blok: 1
name: monitor
nodes:
  watch:
    uses: while
    with: { state: { looks: 0, alerts: 0, low: false }, test: "\${{ state.looks < ${looks} }}", max: unlimited }
    nodes:
      pause: { uses: wait, with: { for: ${pause} } }
      wallet: { uses: solana.balance, needs: [pause], connection: chain, with: { address: "\${{ input.address }}" } }
      low: { uses: if, needs: [wallet], with: { test: "\${{ Number(nodes.wallet.sol.text) < 100 && !state.low }}" } }
      alert: { uses: kv.set, needs: [low.true], with: { key: "alert/\${{ state.looks }}", value: "\${{ nodes.wallet.sol.text }}" } }
    output:
      looks: "\${{ state.looks + 1 }}"
      alerts: "\${{ state.alerts + (nodes.alert == null ? 0 : 1) }}"
      low: "\${{ Number(nodes.wallet.sol.text) < 100 }}"
output: "\${{ nodes.watch }}"
`;

/** A wallet that is low for a while, twice, by how often somebody has looked. */
function livingWallet(scene: Scene, looks: number) {
  const [provider] = scene.providers;
  const seen = () => provider!.calls.filter((method) => method === 'getMultipleAccounts').length;
  const lowFrom = [looks * 0.25, looks * 0.6].map(Math.floor);
  const lowFor = Math.floor(looks * 0.1);
  const timer = setInterval(() => {
    const isLow = lowFrom.some((from) => seen() >= from && seen() < from + lowFor);
    const account = scene.chain.svm.account(scene.address)!;
    scene.chain.svm.setAccount(scene.address, { ...account, lamports: isLow ? 50_000_000_000n : 500_000_000_000n });
  }, 1);
  return { seen, stop: () => clearInterval(timer) };
}

/** Says how long the histories are. @returns their lengths, in events */
function report(looks: number, executions: readonly Execution[]): number[] {
  const lengths = executions.map(({ events }) => events.length);
  const times = executions.length - 1;
  console.log(`${looks} looks, ${times} times continued as new, histories of ${lengths.join(', ')} events`);
  return lengths;
}

const useChain = (test: TestWorker, scene: Scene) => {
  const { name, type, data } = scene.rpc();
  return withWorkspace(test.database, WORKSPACE, (tx) =>
    putConnection(tx, {
      name,
      type,
      data: data as Record<string, unknown>,
      hosts: [],
      keyring: parseKeyring(TEST_KEY),
    }),
  );
};

describeWith(['time-skipping'], 'a monitor of ninety days', () => {
  let environment: TestWorkflowEnvironment;
  let test: TestWorker;
  let scene: Scene;
  beforeAll(async () => {
    installRuntime(); // Before the environment makes a runtime of its own.
    scene = await setScene({ providers: 1 });
    environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: await timeSkippingServer() } },
    });
    test = await startTestWorker({ address: environment.address, allowHosts: ['127.0.0.1'] });
    await useChain(test, scene);
  });
  afterAll(async () => {
    await test?.dispose();
    await environment?.teardown();
    await scene?.close();
  });

  it('looks exactly as often as it should, and tells of each fall once', async () => {
    const began = await environment.currentTimeMs();
    const wallet = livingWallet(scene, LOOKS);
    // This server knows no search attributes.
    const started = await test.start(monitor(`${HOURS}h`, LOOKS), {
      input: { address: scene.address },
      start: { searchAttributes: {} },
    });
    const result = await resultOf(environment.client.workflow.getHandle(started.workflowId));
    wallet.stop();
    expect(result).toMatchObject({ status: 'succeeded', output: { looks: LOOKS, alerts: 2 } });
    expect(wallet.seen()).toBe(LOOKS);
    const days = ((await environment.currentTimeMs()) - began) / DAY_MS;
    expect(days).toBeGreaterThanOrEqual(90);
    expect(days).toBeLessThan(91);
    // This server never suggests to go on in a new execution, so the whole watch is one history: it must grow by a few
    // events a look, and the test below shows where it is cut.
    const [length = 0] = report(LOOKS, await executionsOf(environment.client, started.workflowId));
    expect(length).toBeLessThan(LOOKS * 14);
  }, 600_000);
});

describeWith(['temporal'], 'a monitor on the real server', () => {
  /** Events after which the server asks a run to go on in a new execution. */
  const SUGGESTED = 100;
  let temporal: OwnTemporal;
  let test: TestWorker;
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene({ providers: 1 });
    temporal = await ownTemporal({ 'limit.historyCount.suggestContinueAsNew': SUGGESTED });
    test = await startTestWorker({ address: temporal.address, allowHosts: ['127.0.0.1'] });
    await useChain(test, scene);
  });
  afterAll(async () => {
    await test?.dispose();
    await temporal?.dispose();
    await scene?.close();
  });

  it('keeps its history short, loses no look and repeats none', async () => {
    const looks = 40;
    const wallet = livingWallet(scene, looks);
    const handle = await test.start(monitor('20ms', looks), { input: { address: scene.address } });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded', output: { looks, alerts: 2 } });
    wallet.stop();
    expect(wallet.seen()).toBe(looks);
    const executions = await executionsOf(
      test.client,
      handle.workflowId,
      (handle as { firstExecutionRunId?: string }).firstExecutionRunId,
    );
    const lengths = report(looks, executions);
    expect(executions.length).toBeGreaterThan(2);
    // One look more than suggested, and what closes an execution.
    expect(Math.max(...lengths)).toBeLessThan(SUGGESTED + 60);
  }, 120_000);
});
