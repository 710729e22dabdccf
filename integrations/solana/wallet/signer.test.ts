import { beforeEach, describe, expect, it } from 'vitest';
import type { Payment, PaymentTerms } from '../../payments.ts';
import { failure } from '../../testing/run-node.ts';
import type { Instruction } from '../chain/instructions.ts';
import { createTokenAccount, transferChecked } from '../chain/instructions.ts';
import { computeBudget, createReceipt, messageOf, tokenAccountOf, transferSol } from '../chain/library.ts';
import { TOKEN } from '../chain/programs.ts';
import { toBase58 } from '../notation/base58.ts';
import { policy } from '../policy.ts';
import { callName } from './call-name.ts';
import { heldKey } from './key.ts';
import { isSignedBy, newSecretKey, readKeypair } from './keypair.ts';
import { createSigner, type Signer } from './signer.ts';

const keypair = readKeypair(newSecretKey().secretKey)!;
const wallet = keypair.address;
const [ada, eve, mint, holding] = Array.from({ length: 4 }, () => newSecretKey().address) as [
  string,
  string,
  string,
  string,
];
const ID = 'a'.repeat(64);

const terms = (given: Partial<PaymentTerms> = {}): PaymentTerms => ({
  ...{
    id: ID,
    chain: 'solana:x',
    wallet,
    connection: 'payer',
    recipient: ada,
    asset: 'SOL',
    amount: 1_000n,
    decimals: 9,
  },
  ...given,
});
let payment: Payment;
let signer: Signer;
beforeEach(() => {
  payment = {
    terms: terms(),
    state: 'open',
    reserved: [
      { asset: 'cost', amount: 3_000_000n },
      { asset: 'SOL', amount: 1_000n },
    ],
    attempts: [],
    decidedNo: 0,
    proof: null,
  };
  signer = signerWith('0.5');
});
const signerWith = (receiptFrom: string, recipients = [ada], programs: string[] = []) =>
  createSigner({
    key: heldKey(keypair),
    policy: policy.parse({
      assets: [
        { asset: 'SOL', perTransaction: '0.5', perDay: '1', receiptFrom },
        { asset: mint, perTransaction: '5', perDay: '9', receiptFrom: '5' },
      ],
      ...{ recipients, programs },
    }),
    payments: {
      read: async (id) => (id === ID ? payment : null),
      signing: async (id) => (id === ID ? payment : null),
      hasPaidTo: async () => false,
      approval: async () => null,
    },
    now: () => new Date(),
  });

const sol = (change: { from?: string; to?: string; lamports?: bigint } = {}) =>
  transferSol({ from: wallet, to: ada, lamports: 1_000n, ...change });
const compiled = (instructions: readonly Instruction[], payer = wallet) =>
  messageOf({ payer, blockhash: toBase58(Buffer.alloc(32, 3)), instructions });
const receiptBy = (seed: string) => createReceipt({ payer: wallet, seed, lamports: 890_880n });

describe('the signer', () => {
  it('signs the payment that the ledger holds', async () => {
    const message = await compiled([...(await computeBudget({ units: 3_000, price: 1_000n })), await sol()]);
    expect(isSignedBy(wallet, message, await signer.sign(message, ID))).toBe(true);
  });

  it('signs nothing else, whoever hands it the bytes', async () => {
    const [good, receipt] = [await sol(), (await receiptBy(await signer.receiptSeed(ID))).instruction];
    const dear = await computeBudget({ units: 1_400_000, price: 5_000_000n });
    const withData = (data: Uint8Array): Instruction => ({ ...good, data });
    const cases: [string, Uint8Array, RegExp][] = [
      ['another recipient', await compiled([await sol({ to: eve })]), /transfer is not that/],
      ['another amount', await compiled([await sol({ lamports: 1_001n })]), /transfer is not that/],
      ['two transfers', await compiled([good, good]), /twice/],
      ['a second one to somebody else', await compiled([good, await sol({ to: eve })]), /twice/],
      ['no transfer', await compiled(await computeBudget({ units: 3_000, price: 0n })), /no transfer/],
      ['fees beyond what is set aside', await compiled([...dear, good]), /fees and rent are more/],
      ['another program', await compiled([good, { ...good, program: eve }]), /in a way that no payment needs/],
      [
        'another instruction of the system',
        await compiled([withData(Buffer.from('0100000000000000', 'hex'))]),
        /no payment needs/,
      ],
      ['somebody else who signs', await compiled([await sol({ from: eve })]), /somebody else would have to sign/],
      ['another payer', await compiled([good], eve), /somebody else would have to sign/],
      ['another receipt', await compiled([(await receiptBy('0'.repeat(32))).instruction, good]), /receipt is not that/],
      ['two receipts', await compiled([receipt, receipt, good]), /twice/],
      ['a token transfer', await compiled([tokensMoved()]), /transfer is not that/],
      ['bytes behind the message', Buffer.concat([await compiled([good]), Buffer.of(0)]), /no message/],
      ['half a message', (await compiled([good])).subarray(0, 60), /no message/],
      ['another version', Buffer.concat([Buffer.of(0x81), (await compiled([good])).subarray(1)]), /no message/],
      ['nothing', new Uint8Array(), /no message/],
    ];
    for (const [what, bytes, message] of cases) {
      const error = await failure(signer.sign(bytes, ID));
      expect(error, what).toMatchObject({ code: 'solana.signer', message: expect.stringMatching(message) });
    }
  });

  it('signs for no payment that is not open, and for none of another wallet', async () => {
    const message = await compiled([await sol()]);
    expect(await failure(signer.sign(message, 'b'.repeat(64)))).toMatchObject({ code: 'solana.signer' });
    for (const state of ['paid', 'cancelled', 'refused', 'failed', 'review'] as const) {
      payment = { ...payment, state };
      // Whoever ended it was another worker, or another run that names the same payment.
      const ended = { code: 'solana.interrupted', retryable: true };
      expect(await failure(signer.sign(message, ID)), state).toMatchObject(ended);
    }
    payment = { ...payment, state: 'open', terms: terms({ wallet: eve }) };
    expect(await failure(signer.sign(message, ID))).toMatchObject({ code: 'solana.signer' });
  });

  it('compares with the policy again, whatever the ledger says', async () => {
    payment = { ...payment, terms: terms({ recipient: eve }) };
    const message = await compiled([await sol({ to: eve })]);
    expect(await failure(signer.sign(message, ID))).toMatchObject({ code: 'solana.policy' });
    const dear = [...payment.reserved.slice(1), { asset: 'cost', amount: 10_000_001n }];
    payment = { ...payment, terms: terms(), reserved: dear };
    expect(await failure(signer.sign(await compiled([await sol()]), ID))).toMatchObject({ code: 'solana.policy' });
    payment = { ...payment, terms: terms({ amount: 600_000_000n }) };
    const large = await compiled([await sol({ lamports: 600_000_000n })]);
    expect(await failure(signer.sign(large, ID))).toMatchObject({ code: 'solana.policy' });
  });

  it('signs nothing that is not set aside, and to no address that no key can own', async () => {
    const message = await compiled([await sol()]);
    const { reserved } = payment;
    for (const held of [[], reserved.slice(0, 1), [reserved[0]!, { asset: 'SOL', amount: 999n }]]) {
      payment = { ...payment, reserved: held };
      expect(await failure(signer.sign(message, ID))).toMatchObject({
        message: expect.stringContaining('not set aside'),
      });
    }
    const offCurve = await tokenAccountOf({ owner: ada, mint, program: TOKEN });
    payment = { ...payment, reserved, terms: terms({ recipient: offCurve }) };
    signer = signerWith('0.5', [offCurve]);
    expect(await failure(signer.sign(await compiled([await sol({ to: offCurve })]), ID))).toMatchObject({
      code: 'solana.refused',
    });
  });

  it('signs no payment without a receipt if the policy asks for one', async () => {
    signer = signerWith('0');
    expect(await failure(signer.sign(await compiled([await sol()]), ID))).toMatchObject({
      message: expect.stringContaining('it holds no receipt'),
    });
    const { instruction } = await receiptBy(await signer.receiptSeed(ID));
    const message = await compiled([instruction, await sol()]);
    expect(isSignedBy(wallet, message, await signer.sign(message, ID))).toBe(true);
  });

  it('signs no payment without a receipt once a transaction of it makes one, whatever the policy says by now', async () => {
    const receipt = await receiptBy(await signer.receiptSeed(ID));
    const made = {
      ...{ no: 1, signature: 's', wire: new Uint8Array(), blockhash: 'b', proof: null },
      receipt: receipt.address,
    };
    const attempt = { ...made, horizon: 1n, fee: 5_000n, cost: 5_000n };
    const plain = await compiled([await sol()]);
    payment = { ...payment, attempts: [{ ...attempt, state: 'discarded' }] };
    expect(isSignedBy(wallet, plain, await signer.sign(plain, ID))).toBe(true);
    for (const state of ['expired', 'failed', 'sent'] as const) {
      payment = { ...payment, attempts: [{ ...attempt, state }] };
      expect(await failure(signer.sign(plain, ID))).toMatchObject({ message: expect.stringContaining('no receipt') });
    }
    const bound = await compiled([receipt.instruction, await sol()]);
    expect(isSignedBy(wallet, bound, await signer.sign(bound, ID))).toBe(true);
  });

  it('signs tokens only into the account that the chain proves to be the recipient’s', async () => {
    const reserved = [payment.reserved[0]!, { asset: mint, amount: 1_000n }];
    payment = { ...payment, reserved, terms: terms({ asset: mint, decimals: 6 }) };
    const from = await tokenAccountOf({ owner: wallet, mint, program: TOKEN });
    const tokenMove = (change: Partial<TokenMove> = {}) => tokensMoved({ from, ...change });
    const make = createTokenAccount({ payer: wallet, account: holding, owner: ada, mint, program: TOKEN });
    const good = await compiled([make, tokenMove()]);
    expect(isSignedBy(wallet, good, await signer.sign(good, ID))).toBe(true);
    const bad = [
      [tokenMove()],
      [createTokenAccount({ payer: wallet, account: holding, owner: eve, mint, program: TOKEN }), tokenMove()],
      [make, tokenMove({ to: eve })],
      [make, tokenMove({ from: eve })],
      [make, tokenMove({ amount: 999n })],
      [make, tokenMove({ decimals: 5 })],
      [make, tokenMove({ mint: eve })],
    ];
    for (const instructions of bad) {
      expect(await failure(signer.sign(await compiled(instructions), ID))).toMatchObject({ code: 'solana.signer' });
    }
  });
});

describe('the signer of a call', () => {
  const ordered: Instruction = {
    program: eve,
    accounts: [
      { address: wallet, signer: true, writable: true },
      { address: holding, signer: false, writable: true },
      { address: mint, signer: false, writable: false },
    ],
    data: Uint8Array.of(1, 2, 3),
  };
  const cost = { asset: 'cost', amount: 3_000_000n };
  const order = (reserved: Payment['reserved'], programs = [eve]): void => {
    const call = { recipient: eve, asset: callName(wallet, ordered), amount: 0n, decimals: 0 };
    payment = { ...payment, terms: terms(call), reserved: [cost, ...reserved] };
    signer = signerWith('1', [], programs);
  };
  const withReceipt = async (...calls: Instruction[]) => {
    const { instruction } = await receiptBy(await signer.receiptSeed(ID));
    return compiled([...(await computeBudget({ units: 3_000, price: 0n })), instruction, ...calls]);
  };

  it('signs the call that was ordered, with its receipt', async () => {
    order([]);
    const message = await withReceipt(ordered);
    expect(isSignedBy(wallet, message, await signer.sign(message, ID))).toBe(true);
  });

  it('signs nothing else, whoever hands it the bytes', async () => {
    order([]);
    const [first, second, third] = ordered.accounts;
    const changed = (change: Partial<Instruction>): Instruction => ({ ...ordered, ...change });
    const cases: [string, Uint8Array][] = [
      ['other data', await withReceipt(changed({ data: Uint8Array.of(1, 2, 4) }))],
      ['another program', await withReceipt(changed({ program: ada }))],
      ['another account', await withReceipt(changed({ accounts: [first!, { ...second!, address: ada }, third!] }))],
      [
        'an account that may be changed',
        await withReceipt(changed({ accounts: [first!, second!, { ...third!, writable: true }] })),
      ],
      ['an account less', await withReceipt(changed({ accounts: [first!, second!] }))],
      ['the call twice', await withReceipt(ordered, ordered)],
      ['a transfer beside it', await withReceipt(ordered, await sol())],
      ['a transfer instead of it', await withReceipt(await sol({ to: eve }))],
      ['no call', await withReceipt()],
      ['no receipt', await compiled([ordered])],
    ];
    for (const [what, message] of cases)
      expect(await failure(signer.sign(message, ID)), what).toMatchObject({ code: 'solana.signer' });
  });

  it('compares with the policy again: the program, the assets, and the SOL that is set aside', async () => {
    order([], [ada]);
    expect(await failure(signer.sign(await withReceipt(ordered), ID))).toMatchObject({ code: 'solana.policy' });
    order([{ asset: ada, amount: 1n }]);
    expect(await failure(signer.sign(await withReceipt(ordered), ID))).toMatchObject({ code: 'solana.policy' });
    order([{ asset: 'SOL', amount: 500_000_001n }]);
    expect(await failure(signer.sign(await withReceipt(ordered), ID))).toMatchObject({ code: 'solana.policy' });
    order([
      { asset: mint, amount: 1n },
      { asset: 'SOL', amount: 500_000_000n },
    ]);
    const message = await withReceipt(ordered);
    expect(isSignedBy(wallet, message, await signer.sign(message, ID))).toBe(true);
  });

  it('signs no call for a payment, and no payment for a call', async () => {
    signer = signerWith('1', [ada], [eve]);
    expect(await failure(signer.sign(await compiled([ordered]), ID))).toMatchObject({ code: 'solana.signer' });
  });
});

type TokenMove = Parameters<typeof transferChecked>[0];

const tokensMoved = (change: Partial<TokenMove> = {}) =>
  transferChecked({
    program: TOKEN,
    from: eve,
    mint,
    to: holding,
    owner: wallet,
    amount: 1_000n,
    decimals: 6,
    ...change,
  });
