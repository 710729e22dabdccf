/** A worker in other hands gives the signer whatever it likes. Only the payment that the ledger holds gets a signature. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Payment, PlanApproval } from '../../payments.ts';
import { failure } from '../../testing/run-node.ts';
import { createTokenAccount, type Instruction, transferChecked } from '../chain/instructions.ts';
import { computeBudget, messageOf, tokenAccountOf, transferSol } from '../chain/library.ts';
import { SYSTEM, TOKEN } from '../chain/programs.ts';
import { fromBase58, toBase58 } from '../notation/base58.ts';
import { policy } from '../policy.ts';
import { planHash } from './approval.ts';
import { heldKey } from './key.ts';
import { isSignedBy, newSecretKey, readKeypair } from './keypair.ts';
import { createSigner } from './signer.ts';

const keypair = readKeypair(newSecretKey().secretKey)!;
const wallet = keypair.address;
const [ada, eve, mint, otherMint] = Array.from({ length: 4 }, () => newSecretKey().address) as [
  string,
  string,
  string,
  string,
];
const ID = 'a'.repeat(64);
const BLOCKHASH = toBase58(Buffer.alloc(32, 3));

const paymentOf = (asset: string): Payment => ({
  terms: {
    ...{ id: ID, chain: 'solana:x', wallet, connection: 'payer', recipient: ada, asset },
    ...{ amount: 1_000n, decimals: asset === 'SOL' ? 9 : 6 },
  },
  state: 'open',
  reserved: [
    { asset, amount: 1_000n },
    { asset: 'cost', amount: 3_000_000n },
  ],
  ...{ attempts: [], decidedNo: 0, proof: null },
});

const limits = { perTransaction: '0.5', perDay: '1', receiptFrom: '0.5' };
const rules = policy.parse({
  assets: [
    { asset: 'SOL', ...limits },
    { asset: mint, ...limits },
  ],
  recipients: [ada],
});

const signerOf = (payment: Payment, given = rules, approval: PlanApproval | null = null) =>
  createSigner({
    ...{ key: heldKey(keypair), policy: given, now: () => new Date() },
    payments: {
      read: async (id) => (id === ID ? payment : null),
      signing: async (id) => (id === ID ? payment : null),
      hasPaidTo: async () => false,
      approval: async (_, plan) => (plan === planHash(payment.terms, given) ? approval : null),
    },
  });

const compiled = (instructions: readonly Instruction[], payer = wallet) =>
  messageOf({ payer, blockhash: BLOCKHASH, instructions });
const account = (address: string, { signer = false, writable = true } = {}) => ({ address, signer, writable });
const own = account(wallet, { signer: true });
const number = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);

let source: string;
let target: string;
let evil: string;
beforeAll(async () => {
  source = await tokenAccountOf({ owner: wallet, mint, program: TOKEN });
  target = await tokenAccountOf({ owner: ada, mint, program: TOKEN });
  evil = await tokenAccountOf({ owner: eve, mint, program: TOKEN });
});

const sol = (to = ada, lamports = 1_000n, from = wallet) => transferSol({ from, to, lamports });
type Move = Parameters<typeof transferChecked>[0];
const make = (owner = ada, holding = target) =>
  createTokenAccount({ payer: wallet, account: holding, owner, mint, program: TOKEN });
const tokens = (change: Partial<Move> = {}) =>
  transferChecked({
    ...{ program: TOKEN, from: source, mint, to: target, owner: wallet },
    ...{ amount: 1_000n, decimals: 6 },
    ...change,
  });
const raw = (program: string, data: Uint8Array, accounts: Instruction['accounts']): Instruction => ({
  ...{ program, data, accounts },
});

/** Instructions that take more than the payment, by what they do. */
const SYSVAR = 'SysvarRecentB1ockHashes11111111111111111111';
const greedy = (): Record<string, Instruction> => ({
  'advances a durable nonce, so that the bytes never die': raw(SYSTEM, number(4), [
    account(eve),
    account(SYSVAR, { writable: false }),
    own,
  ]),
  'gives the wallet to another program': raw(SYSTEM, Buffer.concat([number(1), fromBase58(eve)!]), [own]),
  'makes an account with the wallet’s money': raw(SYSTEM, Buffer.concat([number(0), Buffer.alloc(48, 1)]), [
    own,
    account(eve),
  ]),
  'closes a token account': raw(TOKEN, Buffer.of(9), [account(source), account(eve), own]),
  'changes who owns a token account': raw(TOKEN, Buffer.concat([Buffer.of(6, 2, 1), fromBase58(eve)!]), [
    account(source),
    own,
  ]),
  'lets somebody spend later': raw(TOKEN, Buffer.concat([Buffer.of(4), Buffer.alloc(8, 1)]), [
    account(source),
    account(eve),
    own,
  ]),
  'moves tokens without naming the mint': raw(TOKEN, Buffer.concat([Buffer.of(3), Buffer.alloc(8, 1)]), [
    account(source),
    account(evil),
    own,
  ]),
  'calls a program that nobody knows': raw(eve, Buffer.of(0), [own]),
  'writes a memo': raw('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr', Buffer.from('hi'), [own]),
});

describe('a compromised worker gets no signature', () => {
  it('for another recipient, another amount, another source, another payer', async () => {
    const signer = signerOf(paymentOf('SOL'));
    const cases = [
      ...[
        await compiled([await sol(eve)]),
        await compiled([await sol(ada, 1_001n)]),
        await compiled([await sol(ada, 999n)]),
      ],
      ...[await compiled([await sol(ada, 1_000n, eve)]), await compiled([await sol()], eve)],
    ];
    for (const bytes of cases) expect(await failure(signer.sign(bytes, ID))).toMatchObject({ code: 'solana.signer' });
  });

  it('for the payment and anything else beside it', async () => {
    const payments = { SOL: [await sol()], tokens: [make(), tokens()] };
    for (const [asset, good] of Object.entries(payments)) {
      const signer = signerOf(paymentOf(asset === 'SOL' ? 'SOL' : mint));
      expect(isSignedBy(wallet, await compiled(good), await signer.sign(await compiled(good), ID))).toBe(true);
      for (const [what, more] of Object.entries(greedy()))
        for (const all of [
          [more, ...good],
          [...good, more],
        ])
          expect(await failure(signer.sign(await compiled(all), ID)), `${asset}: ${what}`).toMatchObject({
            code: 'solana.signer',
          });
    }
  });

  it('for tokens of another mint, from or into another account, with other decimals', async () => {
    const signer = signerOf(paymentOf(mint));
    const cases: Instruction[][] = [
      [tokens()],
      [make(), tokens({ mint: otherMint })],
      [make(), tokens({ from: evil })],
      [make(), tokens({ to: evil })],
      [make(eve, evil), tokens({ to: evil })],
      [make(), tokens({ amount: 1_001n })],
      [make(), tokens({ decimals: 9 })],
      [make(), tokens({ owner: eve })],
      [make(), await sol()],
    ];
    for (const [index, instructions] of cases.entries())
      expect(await failure(signer.sign(await compiled(instructions), ID)), String(index)).toMatchObject({
        code: 'solana.signer',
      });
  });

  it('for accounts that stand in a lookup table, and for messages of other versions', async () => {
    const signer = signerOf(paymentOf('SOL'));
    const good = Buffer.from(await compiled([await sol()]));
    const lookup = Buffer.concat([Buffer.of(1), fromBase58(eve)!, Buffer.of(1, 0, 0)]);
    const versions = [
      Buffer.concat([good.subarray(0, -1), lookup]),
      good.subarray(1),
      Buffer.concat([Buffer.of(0x81), good.subarray(1)]),
    ];
    for (const bytes of versions)
      expect(await failure(signer.sign(bytes, ID))).toMatchObject({ message: expect.stringContaining('no message') });
  });

  it('for any other bytes: each byte of a good message, changed, is refused unless it changes no money', async () => {
    const signer = signerOf(paymentOf('SOL'));
    const good = Buffer.from(await compiled([...(await computeBudget({ units: 3_000, price: 0n })), await sol()]));
    const hash = good.indexOf(Buffer.alloc(32, 3));
    const units = good.indexOf(Buffer.of(2, ...number(3_000)));
    // How many accounts are read only, when the bytes die, and how much work is allowed: all within what is set aside.
    const isFree = (at: number) =>
      at === 2 || at === 3 || (at >= hash && at < hash + 32) || (at > units && at <= units + 4);
    for (let at = 0; at < good.length; at += 1) {
      const bytes = Buffer.from(good);
      bytes[at]! ^= 1 << (at % 8);
      const outcome = await signer.sign(bytes, ID).then(
        () => 'signed',
        () => 'refused',
      );
      if (!isFree(at)) expect(`${at}: ${outcome}`).toBe(`${at}: refused`);
    }
  });

  it('for a recipient that a person must approve, before they have approved this very plan', async () => {
    const given = { ...rules, recipients: 'any' as const, newRecipients: 'approve' as const };
    const [payment, bytes] = [paymentOf('SOL'), await compiled([await sol()])];
    const said = (state: PlanApproval['state'], decidedMsAgo: number | null = 0) => ({
      ...{ state, decidedMsAgo, by: 'ada', note: null, askedMsAgo: 0 },
    });
    const outcome = (approval: PlanApproval | null, of = payment) => signerOf(of, given, approval).sign(bytes, ID);
    expect(await failure(outcome(null))).toMatchObject({ code: 'solana.needsApproval' });
    expect(await failure(outcome(said('asked')))).toMatchObject({ code: 'solana.needsApproval' });
    expect(await failure(outcome(said('declined')))).toMatchObject({ code: 'solana.declined' });
    expect(await failure(outcome(said('approved', 25 * 3_600_000)))).toMatchObject({ code: 'solana.needsApproval' });
    expect(isSignedBy(wallet, bytes, await outcome(said('approved')))).toBe(true);
  });

  it('when the wallet was stopped, although the bytes are right', async () => {
    const payment = paymentOf('SOL');
    const stopped = Object.assign(new Error('stopped'), { code: 'payment.stopped' });
    const signer = createSigner({
      ...{ key: heldKey(keypair), policy: rules, now: () => new Date() },
      payments: {
        read: async () => payment,
        signing: () => Promise.reject(stopped),
        hasPaidTo: async () => false,
        approval: async () => null,
      },
    });
    await expect(signer.sign(await compiled([await sol()]), ID)).rejects.toBe(stopped);
  });
});
