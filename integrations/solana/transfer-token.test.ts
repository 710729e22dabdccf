import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { tokenAccountOf } from './chain/library.ts';
import { type MemoryPayments, memoryPayments } from './testing/memory-payments.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, type MintKind, makeMint, tokensIn } from './testing/tokens.ts';
import { solanaTransferToken } from './transfer-token.ts';

let scene: Scene;
let payments: MemoryPayments;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());
beforeEach(() => {
  payments = memoryPayments();
});

async function token(kind: MintKind = {}) {
  const made = makeMint(scene, kind);
  const source = await giveTokens(scene, { owner: scene.address, ...made }, 1_000_000_000n);
  return { ...made, source };
}

function pay(mint: string, to: string, { amount = '2.5', allow = [] as string[], receiptFrom = '1000' } = {}) {
  const policy = {
    assets: [{ asset: mint, perTransaction: '100', perDay: '500', receiptFrom }],
    recipients: 'any',
    allow,
  };
  const ctx = fakeContext({ connection: scene.payer(policy), payments });
  return runNode(solanaTransferToken, ctx, { to, mint, amount });
}

describe('solana.transferToken', () => {
  it('makes the account of the recipient and pays into it, and the next time only pays', async () => {
    const { mint, program, source } = await token();
    const to = somebody();
    const account = await tokenAccountOf({ owner: to, mint, program });
    expect(await pay(mint, to)).toMatchObject({ asset: mint, amount: '2.5', raw: '2500000', to });
    expect([tokensIn(scene, account), tokensIn(scene, source)]).toEqual([2_500_000n, 997_500_000n]);
    payments = memoryPayments();
    await pay(mint, to, { receiptFrom: '0' });
    expect(tokensIn(scene, account)).toBe(5_000_000n);
  });

  it('pays tokens of Token-2022, too', async () => {
    const { mint, program } = await token({ feeBasisPoints: 0 });
    const to = somebody();
    await pay(mint, to, { allow: ['transferFee'] });
    expect(tokensIn(scene, await tokenAccountOf({ owner: to, mint, program }))).toBe(2_500_000n);
  });

  it('refuses tokens of which a part goes elsewhere, unless that is allowed by name', async () => {
    const { mint, program } = await token({ feeBasisPoints: 100 });
    const to = somebody();
    expect(await failure(pay(mint, to))).toMatchObject({ code: 'solana.refused', details: { kind: 'transferFee' } });
    await pay(mint, to, { allow: ['transferFee'] });
    expect(tokensIn(scene, await tokenAccountOf({ owner: to, mint, program }))).toBe(2_475_000n);
  });

  it.each<[string, MintKind, object]>([
    [
      'call a program with each transfer',
      { hook: somebody() },
      { code: 'solana.refused', details: { kind: 'transferHook' } },
    ],
    ['cannot be moved', { isBound: true }, { code: 'solana.refused' }],
  ])('refuses tokens that %s', async (_, kind, expected) => {
    const { mint } = await token(kind);
    expect(await failure(pay(mint, somebody()))).toMatchObject(expected);
    expect(payments.all.size).toBe(0);
  });

  it('refuses the address of a token account as a recipient, and what is no mint', async () => {
    const { mint, program, source } = await token();
    const held = somebody();
    scene.chain.svm.setAccount(held, { ...scene.chain.svm.account(source)!, owner: program });
    expect(await failure(pay(mint, held))).toMatchObject({
      code: 'solana.refused',
      message: expect.stringContaining('address of a wallet'),
    });
    expect(await failure(pay(somebody(), somebody()))).toMatchObject({ code: 'solana.mint' });
  });

  it('refuses more decimals than the token has, and more than the wallet holds', async () => {
    const { mint } = await token({ decimals: 2 });
    expect(await failure(pay(mint, somebody(), { amount: '1.001' }))).toMatchObject({ code: 'input.invalid' });
    const { mint: rare } = await token({ decimals: 8 });
    expect(await failure(pay(rare, somebody(), { amount: '50' }))).toMatchObject({ code: 'solana.insufficientFunds' });
    expect(payments.held(rare)).toBe(0n);
  });
});
