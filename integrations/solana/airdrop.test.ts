import { expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { solanaAirdrop } from './airdrop.ts';
import { CLUSTERS } from './chain/clusters.ts';
import { setScene, somebody } from './testing/scene.ts';

it('brings SOL on a test cluster, says that it may have if the answer is lost, and does nothing on mainnet', async () => {
  const scene = await setScene({ providers: 1 });
  const to = somebody();
  const ctx = fakeContext({ connection: scene.rpc() });
  await runNode(solanaAirdrop, ctx, { address: to, amount: '2' });
  expect(scene.chain.svm.account(to)?.lamports).toBe(2_000_000_000n);
  Object.assign(scene.chain, { genesisHash: `${CLUSTERS.mainnet}KuGbQ9` });
  const rpc = scene.rpc();
  const main = fakeContext({ connection: { ...rpc, data: { ...rpc.data, cluster: 'mainnet' } } });
  expect(await failure(runNode(solanaAirdrop, main, { address: to, amount: '2' }))).toMatchObject({
    code: 'solana.refused',
  });
  expect(scene.chain.svm.account(to)?.lamports).toBe(2_000_000_000n);
  await scene.close();
});
