import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { tokenAccountOf } from './chain/library.ts';
import { TOKEN } from './chain/programs.ts';
import { transfer } from './payment/transfer.ts';
import { solanaPreviewPayment } from './preview-payment.ts';
import { memoryPayments } from './testing/memory-payments.ts';
import {
  fastClock,
  GENEROUS,
  orderOf,
  payingStep,
  type Scene,
  setScene,
  somebody,
  WITH_RECEIPT,
} from './testing/scene.ts';
import { giveTokens, makeMint } from './testing/tokens.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

const preview = (
  parameters: { to: string; amount?: string; asset?: string },
  policy: Record<string, unknown> | null = GENEROUS,
) => runNode(solanaPreviewPayment, fakeContext({ connection: scene.payer(policy) }), { amount: '0.5', ...parameters });

it('shows what a payment costs, and signs and sends nothing', async () => {
  const before = scene.chain.ledger.length;
  const to = somebody();
  expect(await preview({ to })).toEqual({
    ...{ from: scene.address, to, asset: 'SOL', amount: '0.5', raw: '500000000' },
    recipient: { kind: 'new', owner: null, holds: { raw: '0', decimals: 9, text: '0' } },
    costs: expect.objectContaining({
      fee: { raw: '5000', decimals: 9, text: '0.000005' },
      receipt: expect.objectContaining({ raw: '0' }),
    }),
    refusal: null,
  });
  expect(scene.chain.ledger).toHaveLength(before);
  expect(scene.providers.flatMap(({ calls }) => calls)).not.toContain('sendTransaction');
});

it('counts the receipt that the policy asks for', async () => {
  const { costs } = await preview({ to: somebody() }, WITH_RECEIPT);
  expect(costs?.receipt.raw).toBe(String(scene.chain.svm.rent(0)));
  expect(costs?.total.raw).toBe(String(5_000n + scene.chain.svm.rent(0)));
});

it('says what the recipient is', async () => {
  const token = makeMint(scene);
  const [known, holder] = [somebody(), somebody()];
  scene.chain.svm.fund(known, 1_000_000_000n);
  const account = await giveTokens(scene, { owner: holder, ...token }, 1n);
  const unused = await tokenAccountOf({ owner: somebody(), ...token });
  const kinds = [known, account, token.mint, unused, TOKEN].map(async (to) => (await preview({ to })).recipient.kind);
  expect(await Promise.all(kinds)).toEqual(['wallet', 'tokenAccount', 'programAccount', 'offCurve', 'program']);
});

it.each<[string, Record<string, unknown> | null, string, string]>([
  ['has no policy', null, '0.5', 'solana.policy'],
  ['may not pay so much', GENEROUS, '1.5', 'solana.policy'],
  ['may not pay this recipient', { ...GENEROUS, recipients: [] }, '0.5', 'solana.policy'],
  ['would pay too little for an account to exist', GENEROUS, '0.000001', 'solana.rent'],
  [
    'does not hold enough',
    { ...GENEROUS, assets: [{ asset: 'SOL', perTransaction: '999999', perDay: '999999', receiptFrom: '999999' }] },
    '5000',
    'solana.insufficientFunds',
  ],
])('says that the wallet %s', async (_what, policy, amount, code) => {
  const { refusal } = await preview({ to: somebody(), amount }, policy);
  expect(refusal?.code).toBe(code);
});

it('knows the price of what the wallet refuses, and that of tokens', async () => {
  expect((await preview({ to: somebody() }, null)).costs?.fee.raw).toBe('5000');
  const token = makeMint(scene, { feeBasisPoints: 5 });
  await giveTokens(scene, { owner: scene.address, ...token }, 1_000_000n);
  const policy = { ...GENEROUS, assets: [{ asset: token.mint, perTransaction: '1', perDay: '1', receiptFrom: '1' }] };
  const { refusal, costs } = await preview({ to: somebody(), asset: token.mint }, policy);
  expect(refusal?.code).toBe('solana.refused');
  expect(BigInt(costs!.rent.raw)).toBeGreaterThan(2_000_000n);
});

it('says that the limit of a day, a run or a recipient would be passed, by the ledger and by what is paid before', async () => {
  const limited = (limits: object) => ({
    ...GENEROUS,
    assets: [{ asset: 'SOL', perTransaction: '1', perDay: '9', receiptFrom: '1000', ...limits }],
  });
  const [to, other] = [somebody(), somebody()];
  const payments = memoryPayments();
  const ask = async (limits: object, before: { to: string; amount: string }[] = []) => {
    const ctx = fakeContext({ connection: scene.payer(limited(limits)), payments });
    return (await runNode(solanaPreviewPayment, ctx, { to, amount: '0.5', before })).refusal;
  };
  const within = (message: string) => ({ code: 'payment.limit', message });
  expect(await ask({ perDay: '0.5' })).toBeNull();
  expect(await ask({ perDay: '0.9' }, [{ to: other, amount: '0.4' }])).toBeNull();
  expect(await ask({ perDay: '0.9' }, [{ to: other, amount: '0.400000001' }])).toEqual(within('day'));
  expect(await ask({ perRun: '0.9' }, [{ to: other, amount: '0.5' }])).toEqual(within('run'));
  expect(await ask({ perRecipient: '0.9' }, [{ to: other, amount: '0.5' }])).toBeNull();
  expect(await ask({ perRecipient: '0.9' }, [{ to, amount: '0.5' }])).toEqual(within('recipient'));
  expect(payments.all.size).toBe(0);
  await transfer(payingStep(payments), await scene.wallet(), orderOf(other, '0.5'), fastClock());
  expect(await ask({ perDay: '0.9' })).toEqual(within('day'));
  payments.stopped = true;
  expect(await ask({})).toMatchObject({ code: 'payment.stopped' });
});

it('counts the fees of payments before, and says that the wallet does not hold enough for all', async () => {
  const poor = await setScene();
  const { mint, program } = makeMint(poor);
  await giveTokens(poor, { owner: poor.address, mint, program }, 3_000_000n);
  const limits = { perTransaction: '9999', perDay: '9999', receiptFrom: '9999' };
  const assets = [
    { asset: 'SOL', ...limits },
    { asset: mint, ...limits },
  ];
  const ask = async (
    given: { amount: string; asset?: string },
    before: { to: string; amount: string; asset?: string; costs?: string }[],
    costs = { perTransaction: '0.01', perDay: '0.1' },
  ) => {
    const connection = poor.payer({ ...GENEROUS, assets, costs });
    const ctx = fakeContext({ connection, payments: memoryPayments() });
    return (await runNode(solanaPreviewPayment, ctx, { to: somebody(), ...given, before })).refusal;
  };
  const short = (message: RegExp) => ({
    ...{ code: 'solana.insufficientFunds', message: expect.stringMatching(message) },
  });
  const [to] = [somebody()];
  // The wallet holds 1000 SOL and three tokens.
  expect(await ask({ amount: '400' }, [{ to, amount: '599', costs: '0.000005' }])).toBeNull();
  expect(await ask({ amount: '400' }, [{ to, amount: '599.9999', costs: '0.000005' }])).toEqual(
    short(/999\.99991 SOL/),
  );
  expect(await ask({ amount: '400' }, [{ to, amount: '600', costs: '0.000005' }])).toEqual(short(/1000\.00001 SOL/));
  expect(await ask({ amount: '2', asset: mint }, [{ to, amount: '1', asset: mint }])).toBeNull();
  const tokens = await ask({ amount: '2', asset: mint }, [{ to, amount: '1.000001', asset: mint }]);
  expect(tokens).toEqual(short(/3\.000001/));
  const tight = { perTransaction: '0.01', perDay: '0.00003' };
  expect(await ask({ amount: '1' }, [{ to, amount: '1', costs: '0.000005' }], tight)).toBeNull();
  expect(await ask({ amount: '1' }, [{ to, amount: '1', costs: '0.00002' }], tight)).toMatchObject({
    code: 'payment.limit',
  });
  await poor.close();
});

it('refuses what is no amount, and a chain that is not that of the wallet', async () => {
  expect(await failure(preview({ to: somebody(), amount: '0' }))).toMatchObject({ code: 'input.invalid' });
  const ctx = fakeContext({ connection: { ...scene.payer(), data: { ...scene.payer().data, cluster: 'devnet' } } });
  const asked = runNode(solanaPreviewPayment, ctx, { to: somebody(), amount: '0.5' });
  expect(await failure(asked)).toMatchObject({ code: 'solana.wrongCluster' });
});
