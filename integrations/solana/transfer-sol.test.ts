import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COST } from '../payments.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { memoryPayments } from './testing/memory-payments.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { solanaTransferSol } from './transfer-sol.ts';
import { newSecretKey } from './wallet/keypair.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

describe('solana.transferSol', () => {
  it('pays once, and returns the signature with its proof, also if it is run again', async () => {
    const to = somebody();
    const ctx = fakeContext({ connection: scene.payer(), payments: memoryPayments() });
    const first = await runNode(solanaTransferSol, ctx, { to, amount: '0.25' });
    const second = await runNode(solanaTransferSol, { ...ctx, attempt: 2, lookBefore: true }, { to, amount: '0.25' });
    expect(first).toMatchObject({
      from: scene.address,
      to,
      asset: 'SOL',
      amount: '0.25',
      attempts: [{ state: 'landed' }],
    });
    expect(second).toEqual(first);
    expect(scene.chain.svm.account(to)?.lamports).toBe(250_000_000n);
  });

  it('pays nothing on another cluster than that of the wallet', async () => {
    const payer = scene.payer();
    const connection = { ...payer, data: { ...payer.data, cluster: 'mainnet' } };
    const ctx = fakeContext({ connection, payments: memoryPayments() });
    const failed = await failure(runNode(solanaTransferSol, ctx, { to: somebody(), amount: '0.1' }));
    expect(failed).toMatchObject({ code: 'solana.wrongCluster', retryable: false, unknown: false });
  });

  it('pays nothing if its providers show different chains', async () => {
    const other = await setScene({ providers: 1 });
    const rpc = scene.rpc();
    const urls = [...(rpc.data.urls as string[]), other.providers[0]!.url];
    const connection = { ...scene.payer(), linked: { rpc: { ...rpc, data: { ...rpc.data, urls } } } };
    const ctx = fakeContext({ connection, payments: memoryPayments() });
    const failed = await failure(runNode(solanaTransferSol, ctx, { to: somebody(), amount: '0.1' }));
    expect(failed).toMatchObject({ code: 'solana.wrongCluster' });
    await other.close();
  });

  it('pays nobody without a ledger, and not itself', async () => {
    const nowhere = fakeContext({ connection: scene.payer() });
    expect(await failure(runNode(solanaTransferSol, nowhere, { to: somebody(), amount: '0.1' }))).toMatchObject({
      code: 'solana.noLedger',
    });
    const ctx = fakeContext({ connection: scene.payer(), payments: memoryPayments() });
    expect(await failure(runNode(solanaTransferSol, ctx, { to: scene.address, amount: '0.1' }))).toMatchObject({
      code: 'input.invalid',
    });
  });

  it('pays for being served soon what others pay, up to what its author allows, and the ledger knows the fee to the lamport', async () => {
    for (const { lies } of scene.providers) lies.prices = [1_000_000, 2_000_000];
    const paid = async (maxPriorityFee?: string) => {
      const payments = memoryPayments();
      const before = scene.chain.svm.account(scene.address)!.lamports;
      const ctx = fakeContext({ connection: scene.payer(), payments });
      await runNode(solanaTransferSol, ctx, {
        to: somebody(),
        amount: '0.1',
        ...(maxPriorityFee && { maxPriorityFee }),
      });
      const fee = before - scene.chain.svm.account(scene.address)!.lamports - 100_000_000n;
      expect(payments.spent(COST)).toBe(fee);
      return fee;
    };
    // 3,000 units at 2 lamports each are 6,000 lamports.
    expect(await paid()).toBe(11_000n);
    expect(await paid('0.000001')).toBe(6_000n);
    expect(await paid('0')).toBe(5_000n);
    for (const { lies } of scene.providers) lies.prices = [Number.MAX_SAFE_INTEGER];
    expect(await paid()).toBe(15_000n);
    const greedy = runNode(solanaTransferSol, fakeContext({ connection: scene.payer(), payments: memoryPayments() }), {
      ...{ to: somebody(), amount: '0.1', maxPriorityFee: '0.02' },
    });
    expect(await failure(greedy)).toMatchObject({
      code: 'solana.policy',
      message: expect.stringMatching(/Fees and rent/),
    });
    for (const { lies } of scene.providers) lies.prices = [];
  });

  it.each(['0', '-1', '1e3', '0.0000000001', '1,5', ' 1'])('takes no amount such as %j', (amount) => {
    expect(solanaTransferSol.input.safeParse({ to: newSecretKey().address, amount }).success).toBe(false);
  });
});
