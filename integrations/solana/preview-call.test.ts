import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { MEMO_PROGRAMS, SYSTEM } from './chain/programs.ts';
import { solanaPreviewCall } from './preview-call.ts';
import { memoryPayments } from './testing/memory-payments.ts';
import { GENEROUS, type Scene, setScene, somebody } from './testing/scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

const WALLET = { address: 'wallet', signer: true, writable: true };

/** A call that moves a fifth of a SOL. */
function moving(to = somebody()) {
  const data = Buffer.alloc(12);
  data.writeUInt32LE(2);
  data.writeBigUInt64LE(200_000_000n, 4);
  return { program: SYSTEM, accounts: [WALLET, { address: to, writable: true }], data: data.toString('base64') };
}

const LISTED = { ...GENEROUS, programs: [SYSTEM] };

const preview = (
  input: Parameters<typeof runNode<typeof solanaPreviewCall.input, typeof solanaPreviewCall.output>>[2],
  policy: Record<string, unknown> | null = LISTED,
) => {
  const ctx = fakeContext({ connection: scene.payer(policy), payments: memoryPayments() });
  return runNode(solanaPreviewCall, ctx, input);
};

it('shows what a call takes and costs, and signs and sends nothing', async () => {
  const before = scene.chain.ledger.length;
  expect(await preview(moving())).toMatchObject({
    ...{ from: scene.address, program: SYSTEM, refusal: null },
    takes: [{ asset: 'SOL', raw: '200000000', text: '0.2' }],
    costs: { fee: { raw: '5000' }, rent: { raw: '0' }, receipt: { raw: '0' } },
  });
  expect(scene.chain.ledger).toHaveLength(before);
  expect(scene.providers.flatMap(({ calls }) => calls)).not.toContain('sendTransaction');
});

it('counts the receipt of a call that takes nothing', async () => {
  const [, memo] = MEMO_PROGRAMS as [string, string];
  const call = { program: memo, accounts: [{ ...WALLET, writable: false }], data: 'aGVsbG8=' };
  const { takes, costs } = await preview(call, { ...GENEROUS, programs: [memo] });
  expect([takes, costs?.receipt.raw]).toEqual([[], String(scene.chain.svm.rent(0))]);
});

it.each<[string, Record<string, unknown> | null, string]>([
  ['has no policy', null, 'solana.policy'],
  ['may not call the program', GENEROUS, 'solana.policy'],
  [
    'may not pay so much',
    { ...LISTED, assets: [{ asset: 'SOL', perTransaction: '0.1', perDay: '1' }] },
    'solana.policy',
  ],
  [
    'may not pay so much a day',
    { ...LISTED, assets: [{ asset: 'SOL', perTransaction: '0.2', perDay: '0.1' }] },
    'payment.limit',
  ],
])('says that the wallet %s, and what the call would take all the same', async (_, policy, code) => {
  const { refusal, takes } = await preview(moving(), policy);
  expect([refusal?.code, takes?.[0]?.text]).toEqual([code, '0.2']);
});

it('counts what is paid before', async () => {
  const perDay = (most: string) => ({ ...LISTED, assets: [{ asset: 'SOL', perTransaction: '1', perDay: most }] });
  const before = [{ to: somebody(), amount: '0.3' }];
  expect((await preview({ ...moving(), before }, perDay('0.5'))).refusal).toBeNull();
  expect((await preview({ ...moving(), before }, perDay('0.49'))).refusal?.code).toBe('payment.limit');
});

it('says why a call would fail, and takes no call that is none', async () => {
  const tooShort = { ...moving(), data: 'AgAAAA==' };
  expect(await preview(tooShort)).toMatchObject({ takes: null, refusal: { code: 'solana.simulation' } });
  expect(await failure(preview({ ...moving(), data: 'AgAAA' }))).toMatchObject({ code: 'input.invalid' });
});
