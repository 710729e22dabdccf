/** A payment that waits for a person, with the real Temporal, the real database, and a chain on the real virtual machine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putConnection, withWorkspace } from '../../db/index.ts';
import { askedApprovals, decideApproval, readApproval } from '../../db/queries/payments/index.ts';
import { parseKeyring } from '../../db/secrets/keyring.ts';
import { until } from '../../embedded/process/wait.ts';
import { GENEROUS, type Scene, setScene, somebody } from '../../integrations/solana/testing/scene.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

const keyring = parseKeyring(TEST_KEY);

describeWith(['temporal'], 'a payment to somebody new', () => {
  let test: TestWorker;
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    test = await startTestWorker({ allowHosts: ['127.0.0.1'] });
    const policy = { ...GENEROUS, newRecipients: 'approve' };
    for (const { name, type, data } of [scene.rpc(), scene.payer(policy)])
      await withWorkspace(test.database, WORKSPACE, (tx) =>
        putConnection(tx, { name, type, data: { ...data }, hosts: [], keyring }),
      );
  });
  afterAll(async () => {
    await test.dispose();
    await scene.close();
  });

  const pay = (to: string) =>
    test.start(
      JSON.stringify({
        blok: 1,
        name: 'payroll',
        nodes: { pay: { uses: 'solana.transferSol', connection: 'payer', with: { to, amount: '0.25' } } },
        output: '${{ nodes.pay.amount }}',
      }),
    );
  const asked = async (to: string) => {
    const rows = await withWorkspace(test.database, WORKSPACE, (tx) =>
      askedApprovals(tx, { address: scene.address, limit: 10 }),
    );
    return rows.find(({ shown }) => (shown as { recipient: string }).recipient === to);
  };
  const answer = async (to: string, isApproved: boolean) => {
    const { intentId: id, plan } = (await until(() => asked(to), { withinMs: 30_000 }))!;
    const by = { wallet: scene.address, isApproved, by: 'ada', note: null, keyring };
    await withWorkspace(test.database, WORKSPACE, (tx) => decideApproval(tx, { id, plan, ...by }));
    return withWorkspace(test.database, WORKSPACE, (tx) => readApproval(tx, { id, plan, keyring }));
  };

  it('waits until a person has approved it, and is made once', async () => {
    const to = somebody();
    const run = await pay(to);
    expect(await answer(to, true)).toMatchObject({ state: 'approved' });
    expect(await resultOf(run)).toMatchObject({ status: 'succeeded', output: '0.25' });
    expect(scene.chain.svm.account(to)?.lamports).toBe(250_000_000n);
  });

  it('fails when a person declines it', async () => {
    const to = somebody();
    const run = await pay(to);
    expect(await answer(to, false)).toMatchObject({ state: 'declined' });
    expect(await resultOf(run)).toMatchObject({ status: 'failed', error: { code: 'solana.declined' } });
    expect(scene.chain.svm.account(to)).toBeNull();
  });
});
