import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { tokenAccountOf } from './chain/library.ts';
import { fromBase58 } from './notation/base58.ts';
import { type MemoryPayments, memoryPayments } from './testing/memory-payments.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, MINTS, type MintKind, makeMint, tokensIn, WANTS_MEMO } from './testing/tokens.ts';
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

function pay(
  mint: string,
  to: string,
  { amount = '2.5', allow = [] as string[], receiptFrom = '1000', perTransaction = '100', perDay = '500' } = {},
) {
  const policy = {
    assets: [{ asset: mint, perTransaction, perDay, receiptFrom }],
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

  it.each(['interest', 'permanentDelegate', 'confidential', 'shownTwice', 'running'] as const)(
    'pays the units of the mint, whatever wallets show: %s',
    async (kind) => {
      const { mint, program } = await token({ more: [MINTS[kind]] });
      const to = somebody();
      expect(await pay(mint, to)).toMatchObject({ amount: '2.5', raw: '2500000' });
      expect(tokensIn(scene, await tokenAccountOf({ owner: to, mint, program }))).toBe(2_500_000n);
    },
  );

  it.each<[string, MintKind, Parameters<typeof giveTokens>[3] | null, RegExp]>([
    ['are paused', { more: [MINTS.paused] }, null, /paused/i],
    ['are frozen in a new account', { more: [MINTS.frozenAtFirst] }, null, /frozen/i],
    ['are frozen in the account of the recipient', {}, { isFrozen: true }, /frozen/i],
    ['need a memo', { more: [MINTS.running] }, { more: [WANTS_MEMO] }, /memo/i],
  ])('says why tokens cannot be paid that %s, and signs nothing', async (_, kind, account, why) => {
    const { mint, program } = await token(kind);
    const to = somebody();
    if (account) await giveTokens(scene, { owner: to, mint, program }, 0n, account);
    const landed = scene.chain.ledger.length;
    expect(await failure(pay(mint, to))).toMatchObject({
      code: 'solana.simulation',
      message: expect.stringMatching(why),
      unknown: false,
    });
    expect([scene.chain.ledger.length, payments.held(mint)]).toEqual([landed, 0n]);
  });

  it.each<[string, MintKind]>([
    ['Token', {}],
    ['Token-2022', { more: [MINTS.running] }],
  ])('pays nothing into an account that its owner has given to somebody else (%s)', async (_, kind) => {
    const { mint, program } = await token(kind);
    const [to, thief] = [somebody(), somebody()];
    const account = await giveTokens(scene, { owner: to, mint, program }, 0n);
    const found = scene.chain.svm.account(account)!;
    const data = Buffer.from(found.data);
    Buffer.from(fromBase58(thief)!).copy(data, 32);
    scene.chain.svm.setAccount(account, { ...found, data });
    const landed = scene.chain.ledger.length;
    expect(await failure(pay(mint, to))).toMatchObject({ code: 'solana.simulation', unknown: false });
    expect([scene.chain.ledger.length, payments.held(mint)]).toEqual([landed, 0n]);
  });

  it.each([0, 9, 18, 19, 255])('counts tokens with %i decimals', async (decimals) => {
    const { mint, program } = await token({ decimals });
    const to = somebody();
    const amount = decimals === 0 ? '7' : `0.${'7'.padStart(decimals, '0')}`;
    expect(await pay(mint, to, { amount })).toMatchObject({ amount, raw: '7' });
    expect(tokensIn(scene, await tokenAccountOf({ owner: to, mint, program }))).toBe(7n);
  });

  it('pays all that a mint can have, and not a unit more', async () => {
    const { mint, program } = makeMint(scene, { decimals: 0 });
    const most = 2n ** 64n - 1n;
    await giveTokens(scene, { owner: scene.address, mint, program }, most);
    const limits = { perTransaction: String(most), perDay: String(most), receiptFrom: '99999999999999999999' };
    const to = somebody();
    expect(await failure(pay(mint, to, { amount: String(most + 1n), ...limits }))).toMatchObject({
      code: 'input.invalid',
    });
    await pay(mint, to, { amount: String(most), ...limits });
    expect(tokensIn(scene, await tokenAccountOf({ owner: to, mint, program }))).toBe(most);
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
      message: expect.stringContaining(`token account of ${scene.address}`),
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
