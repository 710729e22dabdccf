import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { onBalance } from './on-balance.ts';
import { HONEST } from './testing/provider.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
beforeEach(() => {
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});
afterAll(() => scene.close());

const SOL = 1_000_000_000n;
const watch = (given: object) =>
  fakeWatch(
    onBalance,
    { threshold: '1', crosses: 'above', hysteresis: 10, ...given },
    fakePollContext({ connection: scene.rpc() }),
  );

describe('solana.balance', () => {
  it('starts no run for the side that it finds, and one for each crossing, to the last lamport', async () => {
    const address = somebody();
    const balance = watch({ address });
    scene.chain.svm.fund(address, SOL);
    expect(await balance.look()).toEqual([]);
    scene.chain.svm.fund(address, 1n);
    const [found, ...others] = await balance.look();
    expect(others).toEqual([]);
    expect(onBalance.item.parse(found!.item)).toMatchObject({
      ...{ address, asset: 'SOL', crossed: 'above', number: 1 },
      balance: { raw: '1000000001', decimals: 9, text: '1.000000001' },
    });
    expect(await balance.look()).toEqual([]);
  });

  it('watches a token of either program, and knows that nothing is less than something', async () => {
    const owner = somebody();
    const token = makeMint(scene, { decimals: 2, feeBasisPoints: 10 });
    const { mint } = token;
    const balance = watch({ address: owner, asset: mint, threshold: '5' });
    expect(await balance.look()).toEqual([]);
    await giveTokens(scene, { owner, ...token }, 501n);
    expect(await balance.look()).toMatchObject([{ item: { asset: mint, balance: { text: '5.01' } } }]);
  });

  it('watches the wallet if there is no address', async () => {
    const balance = fakeWatch(
      onBalance,
      { threshold: '5000', crosses: 'below', from: 'beginning' },
      fakePollContext({ connection: scene.payer() }),
    );
    expect(await balance.look()).toMatchObject([{ item: { address: scene.address } }]);
    expect(await failure(watch({}).look())).toMatchObject({ code: 'input.invalid' });
  });

  it('believes no provider that is behind what was read before', async () => {
    const address = somebody();
    const balance = watch({ address });
    scene.chain.advance(20);
    await balance.look();
    scene.chain.svm.fund(address, 2n * SOL);
    scene.providers[0]!.lies.lag = 10;
    expect(await balance.look()).toHaveLength(1);
    scene.providers[1]!.lies.lag = 10;
    expect(await failure(balance.look())).toMatchObject({ code: 'solana.rpc', retryable: true });
  });

  it('shows an error and keeps the side while nobody answers', async () => {
    const address = somebody();
    const balance = watch({ address });
    await balance.look();
    for (const { lies } of scene.providers) lies.down = true;
    expect((await failure(balance.look())).code).toBe('solana.network');
    for (const { lies } of scene.providers) lies.down = false;
    scene.chain.svm.fund(address, 2n * SOL);
    expect(await balance.look()).toHaveLength(1);
  });
});
