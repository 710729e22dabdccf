/** What people say about payments, as their steps see it. */
import { describe, expect, it } from 'vitest';
import { COST } from '../../payments.ts';
import { failure } from '../../testing/run-node.ts';
import { policy } from '../policy.ts';
import { memoryPayments } from '../testing/memory-payments.ts';
import { usePaying } from '../testing/paying.ts';
import { fastClock, GENEROUS, orderOf, payingStep, somebody, WITH_RECEIPT } from '../testing/scene.ts';
import { planHash } from '../wallet/approval.ts';
import { transfer } from './transfer.ts';

const at = usePaying();
const { holds, last, pay } = at;
const HALF = 500_000_000n;
const decide = (change: object) => void at.payments.all.set(last().terms.id, { ...last(), ...change });

describe('a person who decides about a payment', () => {
  it('says that it was paid: the step succeeds, although the ledger holds no transaction', async () => {
    const to = somebody();
    await pay(somebody(), { policy: WITH_RECEIPT, step: 'restored' });
    at.payments = memoryPayments();
    expect(await failure(pay(to, { policy: WITH_RECEIPT, step: 'restored' }))).toMatchObject({
      code: 'solana.receiptTaken',
    });
    expect(last()).toMatchObject({ state: 'review', attempts: [] });
    decide({ state: 'paid', reserved: [] });
    expect(await pay(to, { policy: WITH_RECEIPT, step: 'restored' })).toMatchObject({
      ...{ to, amount: '0.5', signature: null, receipt: null, attempts: [] },
    });
  });

  it('says that nothing was paid after five transactions died: the step pays when it is tried again', async () => {
    const to = somebody();
    const swallow = (send: 'lose' | 'land') => {
      for (const { lies } of at.scene.providers) lies.send = send;
    };
    swallow('lose');
    expect(await failure(pay(to))).toMatchObject({ code: 'solana.needsPerson' });
    expect(last()).toMatchObject({ state: 'review', proof: { why: 'attempts' } });
    decide({ state: 'cancelled', reserved: [], decidedNo: 5 });
    swallow('land');
    expect(await pay(to)).toMatchObject({ to });
    expect(last().attempts.map(({ state }) => state)).toEqual([
      ...Array.from({ length: 5 }, () => 'expired'),
      'landed',
    ]);
    expect(holds(to)).toBe(HALF);
  });
});

describe('a payment to somebody new', () => {
  const asking = { ...GENEROUS, newRecipients: 'approve' };
  const answer = (state: 'approved' | 'declined', decidedMsAgo = 0) => {
    const [key] = [...at.payments.approvals.keys()].slice(-1);
    at.payments.approvals.set(key!, { ...at.payments.approvals.get(key!)!, state, by: 'ada', decidedMsAgo });
  };

  it('waits for a person, holds nothing meanwhile, and is made once it is approved', async () => {
    const to = somebody();
    const waiting = await failure(pay(to, { policy: asking }));
    expect(waiting).toMatchObject({ code: 'solana.needsApproval', waits: true, retryable: true, unknown: false });
    expect(waiting.retryAfterMs).toBeGreaterThanOrEqual(2_000);
    expect(waiting.message).toMatch(/npx blok wallet approve payer [0-9a-f]{64} --plan [0-9a-f]{64}/);
    expect([at.payments.all.size, at.payments.held('SOL'), at.payments.held(COST)]).toEqual([0, 0n, 0n]);
    answer('approved');
    expect(await pay(to, { policy: asking })).toMatchObject({ to });
    expect(holds(to)).toBe(HALF);
    await pay(to, { policy: asking, step: 'next' });
    expect(holds(to)).toBe(2n * HALF);
  });

  it('is approved as it was asked: with other costs, or after a day, somebody is asked again', async () => {
    const to = somebody();
    await failure(pay(to, { policy: asking }));
    answer('approved');
    const dearer = { ...asking, costs: { perTransaction: '0.02', perDay: '10' } };
    expect(await failure(pay(to, { policy: dearer }))).toMatchObject({ code: 'solana.needsApproval' });
    at.payments = memoryPayments();
    await failure(pay(to, { policy: asking }));
    answer('approved', 25 * 3_600_000);
    expect(await failure(pay(to, { policy: asking }))).toMatchObject({ code: 'solana.needsApproval' });
    expect(holds(to)).toBe(0n);
  });

  it('fails if a person declines it', async () => {
    const to = somebody();
    await failure(pay(to, { policy: asking }));
    answer('declined');
    expect(await failure(pay(to, { policy: asking }))).toMatchObject({ code: 'solana.declined', retryable: false });
  });

  it('is named by a hash of all that is approved', () => {
    const terms = { ...TERMS };
    const rules = policy.parse(asking);
    const hash = planHash(terms, rules);
    for (const change of [
      { id: 'j' },
      { recipient: 'eve' },
      { amount: 2n },
      { asset: 'X' },
      { wallet: 'w' },
      { chain: 'c' },
    ])
      expect(planHash({ ...terms, ...change }, rules)).not.toBe(hash);
    expect(planHash(terms, { costs: { perTransaction: '0.02', perDay: '1' } })).not.toBe(hash);
    expect(planHash({ ...terms, connection: 'renamed' }, rules)).toBe(hash);
  });

  const TERMS = {
    ...{ id: 'i', chain: 'solana:x', wallet: 'me', connection: 'payer', recipient: 'ada', asset: 'SOL' },
    ...{ amount: 1n, decimals: 9 },
  };
});

describe('fees and rent', () => {
  it('are set aside for the account of a recipient who may close it, and nothing is signed if they rise above that', async () => {
    const to = somebody();
    const poor = {
      ...at.payments,
      begin: async (...[terms, wants]: Parameters<typeof at.payments.begin>) => {
        const reserve = wants.reserve.map((one) => (one.asset === COST ? { ...one, amount: 4_000n } : one));
        return at.payments.begin(terms, { ...wants, reserve });
      },
    };
    const pending = transfer(payingStep(poor), await at.scene.wallet(), orderOf(to), fastClock());
    expect(await failure(pending)).toMatchObject({ code: 'solana.costs', retryable: true, unknown: false });
    expect(last()).toMatchObject({ state: 'cancelled', attempts: [], reserved: [] });
    expect(holds(to)).toBe(0n);
  });
});

it('is not signed by a wallet that was stopped after everything was planned', async () => {
  const wallet = await at.scene.wallet();
  let signed = 0;
  const key = {
    ...wallet.key,
    sign: async (...given: Parameters<typeof wallet.key.sign>) => {
      signed += 1;
      return wallet.key.sign(...given);
    },
  };
  const stopping = {
    ...at.payments,
    begin: async (...given: Parameters<typeof at.payments.begin>) => {
      const payment = await at.payments.begin(...given);
      at.payments.stopped = true;
      return payment;
    },
  };
  const pending = transfer(payingStep(stopping), { ...wallet, key }, orderOf(somebody()), fastClock());
  await expect(pending).rejects.toMatchObject({ code: 'payment.stopped' });
  expect([signed, last().state, at.payments.held('SOL')]).toEqual([0, 'cancelled', 0n]);
});
