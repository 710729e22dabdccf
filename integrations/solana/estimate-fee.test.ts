import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { solanaEstimateFee } from './estimate-fee.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

const estimate = (parameters: { to: string; amount: string; asset?: string }) =>
  runNode(solanaEstimateFee, fakeContext({ connection: scene.payer() }), parameters);

it('counts the fee, and what a receipt would hold', async () => {
  expect(await estimate({ to: somebody(), amount: '1' })).toMatchObject({
    fee: { raw: '5000', text: '0.000005' },
    rent: { raw: '0' },
    receipt: { raw: String(scene.chain.svm.rent(0)) },
    total: { raw: String(5_000n + scene.chain.svm.rent(0)) },
  });
});

it('counts rent for a token account that there is not yet, also of tokens that a policy would refuse', async () => {
  const token = makeMint(scene, { feeBasisPoints: 5 });
  await giveTokens(scene, { owner: scene.address, ...token }, 10n);
  const [stranger, holder] = [somebody(), somebody()];
  await giveTokens(scene, { owner: holder, ...token }, 1n);
  const asset = token.mint;
  expect(BigInt((await estimate({ to: stranger, asset, amount: '0.000001' })).rent.raw)).toBeGreaterThan(2_000_000n);
  expect((await estimate({ to: holder, asset, amount: '0.000001' })).rent.raw).toBe('0');
});
