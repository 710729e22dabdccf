import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { createTokenAccount, transferChecked } from './chain/instructions.ts';
import { tokenAccountOf, transferSol } from './chain/library.ts';
import { answerOf } from './testing/answers.ts';
import { land, memo } from './testing/land.ts';
import { HONEST } from './testing/provider.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';
import { solanaTransaction } from './transaction.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());
afterEach(() => {
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});

const read = (signature: string, more: { address?: string; commitment?: 'finalized' } = {}) =>
  runNode(solanaTransaction, fakeContext({ connection: scene.payer() }), { signature, ...more });

/** A transfer of a token of which a part goes elsewhere, into an account that is made for it. */
async function tokenTransfer() {
  const { mint, program } = makeMint(scene, { feeBasisPoints: 100 });
  const to = somebody();
  const from = await giveTokens(scene, { owner: scene.address, mint, program }, 5_000_000n);
  const account = await tokenAccountOf({ owner: to, mint, program });
  const make = createTokenAccount({ payer: scene.address, account, owner: to, mint, program });
  const move = { program, from, mint, to: account, owner: scene.address, amount: 1_000_000n, decimals: 6 };
  return { mint, to, signature: await land(scene, [make, transferChecked(move), memo('thanks')]) };
}

describe('solana.transaction', () => {
  it.each([true, false])(
    'reads a transfer of SOL as the chain executed it (without a version: %s)',
    async (isLegacy) => {
      const to = somebody();
      const move = await transferSol({ from: scene.address, to, lamports: 1_000_000_000n });
      const signature = await land(scene, [move], { isLegacy });
      scene.chain.advance(2);
      const { found, transaction, seen } = await read(signature);
      expect([found, transaction?.version, transaction?.status]).toEqual([
        true,
        isLegacy ? 'legacy' : '0',
        'succeeded',
      ]);
      expect(transaction?.transfers).toMatchObject([{ from: scene.address, to, text: '1' }]);
      expect(seen).toMatchObject({
        ...{ address: scene.address, direction: 'out', changes: [{ asset: 'SOL', raw: '-1000000000' }] },
      });
      expect((await read(signature, { address: to })).seen).toMatchObject({
        direction: 'in',
        changes: [{ text: '1' }],
      });
    },
  );

  it('says what arrived of a token with a fee, and what programs did on the way', async () => {
    const { mint, to, signature } = await tokenTransfer();
    scene.chain.advance(2);
    const { transaction, seen } = await read(signature, { address: to });
    expect(seen).toMatchObject({ direction: 'in', changes: [{ asset: mint, text: '0.99', decimals: 6 }] });
    expect(transaction?.memos).toEqual(['thanks']);
    expect(transaction?.transfers).toMatchObject([
      { asset: 'SOL', inner: true },
      { asset: mint, text: '1', inner: false },
    ]);
    expect(transaction?.logs.join()).toContain('Memo');
  });

  it('says why one failed', async () => {
    const move = await transferSol({ from: scene.address, to: somebody(), lamports: 10n ** 15n });
    const signature = await land(scene, [move]);
    scene.chain.advance(2);
    expect((await read(signature)).transaction).toMatchObject({
      ...{ status: 'failed', error: { InstructionError: [0, { Custom: 1 }] }, changes: [{ raw: '-5000' }] },
    });
  });

  it('answers that it is not found, as long as it is not as sure as is asked for', async () => {
    const signature = await land(scene, [memo('soon')]);
    expect(await read(signature)).toEqual({ found: false, transaction: null, seen: null });
    scene.chain.advance(2);
    expect(await read(signature)).toMatchObject({ found: true });
    expect(await read(signature, { commitment: 'finalized' })).toMatchObject({ found: false });
    scene.chain.advance(20);
    expect(await read(signature, { commitment: 'finalized' })).toMatchObject({ found: true });
  });

  it('asks the other provider if the first one does not know it or does not answer', async () => {
    const signature = await land(scene, [memo('here')]);
    scene.chain.advance(3);
    const [first, second] = scene.providers;
    first!.lies.lag = 100;
    expect(await read(signature)).toMatchObject({ found: true });
    Object.assign(first!.lies, { ...HONEST, http: 500 });
    expect(await read(signature)).toMatchObject({ found: true });
    second!.lies.lag = 100;
    expect(await failure(read(signature))).toMatchObject({ retryable: true });
  });

  it('returns what it cannot decode as data', async () => {
    const [from, to] = [somebody(), somebody()];
    const later = scene.chain.plant({ addresses: [from], shown: () => answerOf({ from, to, version: 7 }) });
    const odd = scene.chain.plant({ addresses: [from], shown: () => ({ strange: true }) });
    scene.chain.advance(2);
    for (const [{ signature }, reason] of [
      [later, /version \(7\) is not supported/],
      [odd, /transaction/],
    ] as const)
      expect(await read(signature)).toMatchObject({
        ...{ found: true, seen: null },
        transaction: { signature, status: 'undecodable', undecodable: expect.stringMatching(reason) },
      });
  });
});
