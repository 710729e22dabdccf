import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { toBase58 } from './notation/base58.ts';
import { transfer } from './payment/transfer.ts';
import { solanaStatus } from './status.ts';
import { HONEST } from './testing/provider.ts';
import { fastClock, orderOf, payingStep, type Scene, setScene, somebody } from './testing/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

it('says how far a transaction has come, and up to which slot it is known that there is none', async () => {
  const ctx = fakeContext({ connection: scene.rpc() });
  const paid = await transfer(payingStep(), await scene.wallet(), orderOf(somebody()), fastClock());
  const signature = paid.signature!;
  expect(await runNode(solanaStatus, ctx, { signature })).toMatchObject({
    ...{ status: 'finalized', succeeded: true, error: null, slot: expect.stringMatching(/^\d+$/) },
  });
  const none = await runNode(solanaStatus, ctx, { signature: toBase58(Buffer.alloc(64, 5)) });
  expect(none).toMatchObject({ status: 'unknown', succeeded: null, error: null, slot: null });
  expect(none.asOf).toBe(String(scene.chain.tip().slot));
});

it('believes nobody that knows nothing, or less, while another provider knows more', async () => {
  const ctx = fakeContext({ connection: scene.rpc() });
  const paid = await transfer(payingStep(), await scene.wallet(), orderOf(somebody()), fastClock());
  const { lies } = scene.providers[0]!;
  for (const lie of [{ nullStatus: true }, { confirmedStatus: true }, { down: true }]) {
    Object.assign(lies, HONEST, lie);
    expect(await runNode(solanaStatus, ctx, { signature: paid.signature! })).toMatchObject({ status: 'finalized' });
  }
  Object.assign(lies, HONEST);
});
