import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { until } from '../../embedded/process/wait.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { solanaCallProgram } from './call-program.ts';
import { tokenAccountOf } from './chain/library.ts';
import { MEMO_PROGRAMS, SYSTEM } from './chain/programs.ts';
import { fakeFeeds, feedsConnection } from './prices/testing/feeds.ts';
import { TOKEN_IDL } from './testing/idls.ts';
import { type MemoryPayments, memoryPayments } from './testing/memory-payments.ts';
import { type Scene, setScene, somebody } from './testing/scene.ts';
import { giveTokens, makeMint, tokensIn } from './testing/tokens.ts';

const MEMO = MEMO_PROGRAMS[1]!;

const feeds = await fakeFeeds();
let scene: Scene;
let payments: MemoryPayments;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(async () => {
  await Promise.all([feeds.close(), scene.close()]);
});
/** Each step makes one payment, whatever becomes of the ledger. */
let step = 0;
const begin = (): void => {
  payments = memoryPayments();
  step += 1;
};
beforeEach(begin);

type Input = z.input<typeof solanaCallProgram.input>;

const call = (input: Input, policy: Record<string, unknown> = {}) => {
  const given = { assets: [], recipients: [], programs: [input.program], ...policy };
  return runNode(
    solanaCallProgram,
    fakeContext({ connection: scene.payer(given), payments, idempotencyKey: `step-${step}` }),
    input,
  );
};

const note = (text: string): Input => ({
  ...{ program: MEMO, accounts: [{ address: 'wallet', signer: true }] },
  data: Buffer.from(text).toString('base64'),
});

/** Limits in USD, by prices that a test sets. */
const inUsd = (policy: Record<string, unknown>, usd: object) => {
  const connection = scene.payer({ recipients: [], ...policy, usd });
  const linked = { ...connection.linked, prices: feedsConnection(feeds.base) };
  return { ...connection, linked, data: { ...connection.data, prices: 'prices' } };
};

/** A token of the wallet, with calls of its program by its IDL. */
async function token({ perTransaction = '5' } = {}) {
  const { mint, program } = makeMint(scene);
  const source = await giveTokens(scene, { owner: scene.address, mint, program }, 100_000_000n);
  const to = somebody();
  const destination = await giveTokens(scene, { owner: to, mint, program }, 0n);
  const base = { program, idl: TOKEN_IDL };
  const policy = { assets: [{ asset: mint, perTransaction, perDay: '9' }] };
  const move = (amount: string, most?: string): Input => ({
    ...{ ...base, instruction: 'transferChecked', accounts: { source, mint, destination } },
    ...{ arguments: { amount, decimals: 6 }, ...(most && { most: [{ asset: mint, amount: most }] }) },
  });
  return { mint, source, destination, base, policy, move };
}

describe('solana.callProgram', () => {
  it('calls a program once, whoever tries the step again, and says what it did', async () => {
    const done = await call(note('hello'));
    expect(done).toMatchObject({ program: MEMO, from: scene.address, changes: [{ asset: 'SOL', raw: '-890880' }] });
    expect(done.logs.join()).toContain('hello');
    const landed = scene.chain.ledger.length;
    expect(await call(note('hello'))).toMatchObject({ id: done.id, signature: done.signature });
    expect(scene.chain.ledger.length).toBe(landed);
    await expect(call(note('other'))).rejects.toMatchObject({ code: 'payment.conflict' });
  });

  it('takes no more than all providers say, because one alone may lie about what a call does', async () => {
    const data = Buffer.alloc(12);
    data.writeUInt32LE(2);
    data.writeBigUInt64LE(200_000_000n, 4);
    const to = somebody();
    const accounts = [
      { address: 'wallet', signer: true, writable: true },
      { address: to, writable: true },
    ];
    const input = { program: SYSTEM, accounts, data: data.toString('base64') };
    const { lies } = scene.providers[0]!;
    lies.harmless = true;
    const policy = { assets: [{ asset: 'SOL', perTransaction: '0.1', perDay: '9' }] };
    expect(await failure(call(input, policy))).toMatchObject({
      code: 'solana.policy',
      message: expect.stringContaining('would take 200000000'),
    });
    lies.harmless = false;
    expect([scene.chain.svm.account(to), payments.held('SOL')]).toEqual([null, 0n]);
  });

  it('reads limits with the decimals on which providers agree', async () => {
    const { policy, move } = await token();
    const { lies } = scene.providers[0]!;
    lies.moreDecimals = 3;
    // Six tokens, of which five are allowed: with three decimals more they would be six thousandths.
    const failed = await failure(call(move('6000000'), policy));
    lies.moreDecimals = 0;
    expect(failed).toMatchObject({ code: 'solana.policy', message: expect.stringContaining('6 decimals') });
  });

  it('gives the account of the wallet no content: the system would never pay from it again', async () => {
    const data = Buffer.alloc(12);
    data.writeUInt32LE(8);
    data.writeBigUInt64LE(80n, 4);
    const accounts = [{ address: 'wallet', signer: true, writable: true }];
    const failed = await failure(call({ program: SYSTEM, accounts, data: data.toString('base64') }));
    expect(failed).toMatchObject({ code: 'solana.policy', message: expect.stringContaining('no wallet any more') });
    expect(scene.chain.svm.account(scene.address)?.data).toHaveLength(0);
  });

  it('calls once if two workers do, and if providers lose what they are given', async () => {
    const landed = scene.chain.ledger.length;
    const sent = scene.providers[0]!.calls.filter((one) => one === 'sendTransaction').length;
    for (const { lies } of scene.providers) lies.send = 'lose';
    const both = Promise.all([call(note('both')), call(note('both'))]);
    const hasSent = () =>
      scene.providers.every(({ calls }) => calls.filter((one) => one === 'sendTransaction').length > sent);
    await until(hasSent, { withinMs: 10_000 });
    for (const { lies } of scene.providers) lies.send = 'twice';
    const [first, second] = await both;
    expect(second.signature).toBe(first.signature);
    expect(scene.chain.ledger.length).toBe(landed + 1);
    for (const { lies } of scene.providers) lies.send = 'land';
  });

  it('is refused by the chain itself where the ledger has lost it', async () => {
    await call(note('once'));
    payments = memoryPayments();
    expect(await failure(call(note('once')))).toMatchObject({ code: 'solana.receiptTaken', unknown: true });
  });

  it('takes bytes in hex, too', async () => {
    const hex = { ...note(''), data: '0x6f6b', dataEncoding: 'hex' as const };
    expect((await call(hex)).logs.join()).toContain('ok');
  });

  it('calls no program that the policy does not list, and nothing without a policy', async () => {
    expect(await failure(call(note('x'), { programs: [SYSTEM] }))).toMatchObject({
      ...{ code: 'solana.policy', message: expect.stringContaining('not among the programs') },
    });
    const ctx = fakeContext({ connection: scene.payer(null), payments });
    expect(await failure(runNode(solanaCallProgram, ctx, note('x')))).toMatchObject({ code: 'solana.policy' });
    expect(payments.all.size).toBe(0);
  });

  it('counts what a simulation takes against the limits of each asset', async () => {
    const { mint, destination, policy, move } = await token();
    await call(move('2000000'), policy);
    expect([tokensIn(scene, destination), payments.spent(mint), payments.held(mint)]).toEqual([
      2_000_000n,
      2_000_000n,
      0n,
    ]);
    begin();
    expect(await failure(call(move('5000001'), policy))).toMatchObject({ code: 'solana.policy' });
    expect(await failure(call(move('1'), {}))).toMatchObject({
      message: expect.stringContaining('not among the assets'),
    });
    expect(payments.all.size).toBe(0);
  });

  it('lets a call take no more than its author says', async () => {
    const { mint, destination, policy, move } = await token();
    expect(await failure(call(move('2000001', '2'), policy))).toMatchObject({ code: 'solana.policy' });
    await call(move('2000000', '3'), policy);
    expect([tokensIn(scene, destination), payments.spent(mint)]).toEqual([2_000_000n, 3_000_000n]);
  });

  it('counts what a call takes in USD, each asset by a fresh price, against limits of all assets together', async () => {
    const { mint, destination, policy, move } = await token();
    feeds.state.jupiter[mint] = { usdPrice: '10', age: 5 };
    feeds.state.coingecko[mint] = { usd: '10.02', age: 40 };
    const given = { ...policy, programs: [move('1').program] };
    const paying = (amount: string, usd: object) => {
      step += 1;
      const connection = inUsd(given, usd);
      return runNode(
        solanaCallProgram,
        fakeContext({ connection, payments, idempotencyKey: `step-${step}` }),
        move(amount),
      );
    };
    expect(await failure(paying('2000000', { perTransaction: '20.03', perDay: '100' }))).toMatchObject({
      ...{ code: 'solana.policy', message: expect.stringContaining('20040000 millionths of a USD') },
    });
    await paying('2000000', { perTransaction: '20.04', perDay: '25' });
    expect([tokensIn(scene, destination), payments.spent('usd'), payments.held('usd')]).toEqual([
      ...[2_000_000n, 20_040_000n, 0n],
    ]);
    await expect(paying('500000', { perTransaction: '20.04', perDay: '25' })).rejects.toMatchObject({
      code: 'payment.limit',
    });
    feeds.state.coingecko[mint]!.age = 900;
    expect(await failure(paying('1', { perTransaction: '9', perDay: '25' }))).toMatchObject({
      ...{ code: 'solana.noPrice', retryable: true, details: { code: 'price.stale', asset: mint } },
    });
    expect(tokensIn(scene, destination)).toBe(2_000_000n);
  });

  it('calls what takes nothing without a price, also under limits in USD', async () => {
    const before = feeds.requests.length;
    const connection = inUsd({ assets: [], programs: [MEMO] }, { perTransaction: '1', perDay: '1' });
    const ctx = fakeContext({ connection, payments, idempotencyKey: `step-${step}` });
    expect(await runNode(solanaCallProgram, ctx, note('free'))).toMatchObject({ program: MEMO });
    expect(feeds.requests).toHaveLength(before);
  });

  it('gives nobody power over what the wallet holds', async () => {
    const { source, base, policy } = await token();
    const accounts = { source, delegate: somebody() };
    const approve = { ...base, instruction: 'approve', accounts, arguments: { amount: '1' } };
    expect(await failure(call(approve, policy))).toMatchObject({
      ...{ code: 'solana.policy', message: expect.stringContaining('could take tokens') },
    });
    const giveAway = { ...base, instruction: 'setAuthority', accounts: { owned: source } };
    const closer = { ...giveAway, arguments: { kind: 3, newAuthority: somebody() } };
    expect(await failure(call(closer, policy))).toMatchObject({ message: expect.stringContaining('could close') });
    const all = { ...giveAway, arguments: { kind: 2, newAuthority: somebody() } };
    expect(await failure(call(all, policy))).toMatchObject({ code: 'solana.policy' });
  });

  it('sends nothing that would fail, and says what the program said', async () => {
    const { source, mint, base, policy } = await token();
    const destination = await tokenAccountOf({ owner: somebody(), mint, program: base.program });
    const nowhere = { ...base, instruction: 'transferChecked', accounts: { source, mint, destination } };
    const error = await failure(call({ ...nowhere, arguments: { amount: 1, decimals: 6 } }, policy));
    expect(error).toMatchObject({ code: 'solana.simulation', details: { logs: expect.any(Array) } });
    expect(payments.all.size).toBe(0);
  });
});
