import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { messageOf, transferSol, wireOf } from './chain/library.ts';
import { solanaSimulate } from './simulate.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

async function simulate(from: string, to: string) {
  const instructions = [await transferSol({ from, to, lamports: 1_000_000_000n })];
  const message = await messageOf({ payer: from, blockhash: scene.chain.blockhash().blockhash, instructions });
  const transaction = Buffer.from(wireOf(message, new Uint8Array(64))).toString('base64');
  return runNode(solanaSimulate, fakeContext({ connection: scene.rpc() }), { transaction });
}

it('says what a transaction would change, without a signature, and changes nothing', async () => {
  const to = somebody();
  const { succeeds, changes, logs, units } = await simulate(scene.address, to);
  expect([succeeds, Number(units) > 0, logs.length > 0]).toEqual([true, true, true]);
  expect(changes).toEqual([
    { account: scene.address, asset: 'SOL', raw: '-1000005000', text: '-1.000005' },
    { account: to, asset: 'SOL', raw: '1000000000', text: '1' },
  ]);
  expect(scene.chain.svm.account(to)).toBeNull();
});

it('says why a transaction would fail, and refuses what is none', async () => {
  const poor = somebody();
  scene.chain.svm.fund(poor, 10_000_000n);
  expect(await simulate(poor, somebody())).toMatchObject({
    succeeds: false,
    error: { InstructionError: [0, { Custom: 1 }] },
  });
  const bad = runNode(solanaSimulate, fakeContext({ connection: scene.rpc() }), { transaction: 'AQAAAA==' });
  expect(await failure(bad)).toMatchObject({ code: 'input.invalid' });
});
