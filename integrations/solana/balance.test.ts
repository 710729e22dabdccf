import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { solanaBalance } from './balance.ts';
import { HONEST } from './testing/provider.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

it('reads SOL and tokens of both programs, with every digit', async () => {
  const owner = somebody();
  const [plain, withFee] = [makeMint(scene), makeMint(scene, { decimals: 0, feeBasisPoints: 10 })];
  scene.chain.svm.fund(owner, 2n ** 53n + 1n);
  await giveTokens(scene, { owner, ...plain }, 2n ** 60n + 1n);
  await giveTokens(scene, { owner, ...withFee }, 7n);
  const { sol, tokens } = await runNode(solanaBalance, fakeContext({ connection: scene.rpc() }), { address: owner });
  expect(sol).toEqual({ raw: '9007199254740993', decimals: 9, text: '9007199.254740993' });
  expect(new Map(tokens.map(({ mint, text }) => [mint, text]))).toEqual(
    new Map([
      [plain.mint, '1152921504606.846977'],
      [withFee.mint, '7'],
    ]),
  );
});

it('reads what the wallet holds if no address is given', async () => {
  const read = await runNode(solanaBalance, fakeContext({ connection: scene.payer() }), {});
  expect(read).toMatchObject({ address: scene.address, sol: { raw: '1000000000000' }, tokens: [] });
  const nobody = fakeContext({ connection: scene.rpc() });
  expect(await failure(runNode(solanaBalance, nobody, {}))).toMatchObject({ code: 'input.invalid' });
});

it('asks the next provider if one does not answer, and says what is wrong if none does', async () => {
  const ctx = fakeContext({ connection: scene.payer() });
  scene.providers[0]!.lies.down = true;
  expect(await runNode(solanaBalance, ctx, {})).toMatchObject({ address: scene.address });
  scene.providers[1]!.lies.http = 429;
  expect(await failure(runNode(solanaBalance, ctx, {}))).toMatchObject({ retryable: true, unknown: false });
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});

it('reads nothing from a chain that is not the one of the connection', async () => {
  const rpc = scene.rpc();
  const ctx = fakeContext({ connection: { ...rpc, data: { ...rpc.data, cluster: 'mainnet' } } });
  expect(await failure(runNode(solanaBalance, ctx, { address: somebody() }))).toMatchObject({
    ...{ code: 'solana.wrongCluster', retryable: false },
  });
});
