import { describe, expect, it } from 'vitest';
import { COST } from '../../payments.ts';
import { failure } from '../../testing/run-node.ts';
import { memoryPayments } from '../testing/memory-payments.ts';
import { usePaying } from '../testing/paying.ts';
import { HONEST, type Lies } from '../testing/provider.ts';
import { fastClock, GENEROUS, orderOf, payingStep, setScene, somebody, WITH_RECEIPT } from '../testing/scene.ts';
import { transfer } from './transfer.ts';

const at = usePaying();
const { holds, last, lie, pay } = at;
const HALF = 500_000_000n;

describe('a payment', () => {
  it('lands once, is final when it is reported, and the ledger holds its proof', async () => {
    const to = somebody();
    const paid = await pay(to);
    expect(paid).toMatchObject({ amount: '0.5', asset: 'SOL', to, receipt: null, raw: String(HALF) });
    expect(holds(to)).toBe(HALF);
    expect(last()).toMatchObject({ state: 'paid', reserved: [] });
    expect(last().attempts).toMatchObject([{ no: 1, state: 'landed', signature: paid.signature }]);
    expect(JSON.stringify(last().attempts[0]!.proof)).toContain('finalized');
    expect([at.payments.spent('SOL'), at.payments.spent(COST), at.payments.held(COST)]).toEqual([HALF, 5_000n, 0n]);
  });

  it('is made once for its step, however often the step is tried', async () => {
    const to = somebody();
    const [first, second] = [await pay(to), await pay(to)];
    expect(second).toEqual(first);
    expect(holds(to)).toBe(HALF);
  });

  it('is made once for the name that its author gave it, whichever step asks', async () => {
    const to = somebody();
    const wallet = await at.scene.wallet();
    const order = orderOf(to, '0.5', 'invoice-7');
    const first = await transfer(payingStep(at.payments, 'one'), wallet, order, fastClock());
    const second = await transfer(payingStep(at.payments, 'two'), wallet, order, fastClock());
    expect(second.signature).toBe(first.signature);
    expect(holds(to)).toBe(HALF);
    const other = transfer(
      payingStep(at.payments, 'three'),
      wallet,
      orderOf(somebody(), '0.5', 'invoice-7'),
      fastClock(),
    );
    await expect(other).rejects.toMatchObject({ code: 'payment.conflict' });
  });

  it('makes a receipt if the policy asks for one', async () => {
    const to = somebody();
    const { receipt } = await pay(to, { policy: WITH_RECEIPT });
    expect(holds(receipt!)).toBe(at.scene.chain.svm.rent(0));
    expect(at.payments.spent(COST)).toBe(5_000n + at.scene.chain.svm.rent(0));
  });
});

describe('lands once although', () => {
  it.each<[string, Partial<Lies>, Partial<Lies>]>([
    ['bytes are doubled', { send: 'twice' }, { send: 'twice' }],
    ['bytes are late', { send: 'late' }, { send: 'late' }],
    ['one provider loses bytes', { send: 'lose' }, {}],
    ['sending is answered with an error', { send: 'breakAfter' }, { send: 'breakAfter' }],
    ['one provider knows no signature', { nullStatus: true }, {}],
    ['one provider says that it failed', {}, { failedStatus: true }],
    ['one provider stands still', { staleHeight: 3 }, {}],
    ['one provider is far behind', { lag: 180 }, {}],
    ['one provider says that its blockhashes die early', { shortHorizon: true }, {}],
    ['one provider answers 500', {}, { http: 500 }],
    ['one provider is away', {}, { down: true }],
  ])('%s', async (_, first, second) => {
    const to = somebody();
    lie(first, second);
    // The first provider gives the blockhash and simulates, so it may lie only after that.
    await pay(to);
    expect(holds(to)).toBe(HALF);
    expect(last().attempts.filter(({ state }) => state === 'landed')).toHaveLength(1);
  });

  it.each<[string, Partial<Lies>]>([
    ['providers swallow bytes', { send: 'lose' }],
    ['providers hand bytes on when they are dead', { send: 'afterExpiry' }],
  ])('%s: new bytes are made after the old ones are proven dead', async (_, lies) => {
    const to = somebody();
    lie(lies, lies);
    const began = at.scene.chain.tip().height;
    await pay(to, {
      onPause: () => {
        if (last().attempts[0]?.state === 'expired') lie(HONEST, HONEST);
      },
    });
    expect(last().attempts.map(({ state }) => state)).toEqual(['expired', 'landed']);
    expect(at.scene.chain.tip().height - began).toBeGreaterThan(150);
    expect(last().attempts[0]!.proof).toHaveLength(2);
    at.scene.chain.advance(1_000);
    expect(holds(to)).toBe(HALF);
  });

  it('a provider gives a blockhash that no chain knows: the next one comes from another provider', async () => {
    const to = somebody();
    lie({ wrongBlockhash: true });
    await pay(to);
    expect(last().attempts.map(({ state }) => state)).toEqual(['expired', 'landed']);
    expect(holds(to)).toBe(HALF);
  });

  it('all providers hide it: where there is a receipt, the receipt is seen, and a person has to decide', async () => {
    const to = somebody();
    lie({ nullStatus: true }, { nullStatus: true });
    const hidden = { policy: WITH_RECEIPT, step: 'hidden' };
    const failed = await failure(pay(to, hidden));
    expect(failed).toMatchObject({ code: 'solana.needsPerson', unknown: true });
    expect(last()).toMatchObject({ state: 'review', proof: { why: 'receiptTaken' }, attempts: [{ no: 1 }] });
    expect(holds(to)).toBe(HALF);
    lie(HONEST, HONEST);
    expect(await pay(to, hidden)).toMatchObject({ amount: '0.5' });
    expect([last().state, holds(to)]).toEqual(['paid', HALF]);
  });
});

it('is not asked for again while one provider says that it failed and the other one has not seen it yet', async () => {
  const to = somebody();
  lie({ send: 'late', nullStatus: true }, { send: 'late', failedStatus: true });
  const killed = { ...fastClock(), pause: () => Promise.reject(new Error('terminated')) };
  const work = async (clock = fastClock()) =>
    transfer(payingStep(at.payments), await at.scene.wallet(), orderOf(to), clock);
  for (let times = 0; times < 3; times += 1) await expect(work(killed)).rejects.toThrow('terminated');
  expect(last()).toMatchObject({ state: 'open', attempts: [{ no: 1, state: 'sent' }] });
  lie(HONEST, HONEST);
  await work();
  expect([last().attempts.length, holds(to)]).toEqual([1, HALF]);
});

describe('a worker that was killed', () => {
  const end = (change: object) => {
    const found = last();
    at.payments.all.set(found.terms.id, { ...found, ...change });
  };

  it('after it noted that the payment landed: the next one knows, whatever providers have forgotten', async () => {
    const to = somebody();
    await pay(to);
    end({ state: 'open' });
    lie({ nullStatus: true }, { nullStatus: true });
    expect(await pay(to)).toMatchObject({ amount: '0.5' });
    expect([last().state, last().attempts.length, holds(to)]).toEqual(['paid', 1, HALF]);
  });

  it('and whose payment another one let go: it sets everything aside again', async () => {
    const to = somebody();
    await pay(to);
    end({ state: 'cancelled', attempts: [] });
    const open = { ...last(), state: 'open' as const };
    let reads = 0;
    const stale = { ...at.payments, read: async (id: string) => (reads++ < 2 ? open : at.payments.read(id)) };
    const [seen, begin]: [number[], typeof at.payments.begin] = [[], at.payments.begin];
    const spied = {
      ...stale,
      begin: async (...given: Parameters<typeof begin>) => {
        seen.push(given[1].reserve.length);
        return begin(...given);
      },
    };
    await transfer(payingStep(spied), await at.scene.wallet(), orderOf(to), fastClock());
    expect(seen).toEqual([0, 2]);
    expect(last().state).toBe('paid');
  });
});

it('keeps making its receipt when the policy asks for none any more', async () => {
  const to = somebody();
  lie({ send: 'lose' }, { send: 'lose' });
  const dying = {
    ...at.payments,
    keep: async (...given: Parameters<typeof at.payments.keep>) => {
      if (given[1].no === 2) throw new Error('terminated');
      await at.payments.keep(...given);
    },
  };
  const first = transfer(payingStep(dying, 'kept'), await at.scene.wallet(WITH_RECEIPT), orderOf(to), fastClock());
  await expect(first).rejects.toThrow('terminated');
  expect(last().attempts).toMatchObject([{ state: 'expired', receipt: expect.any(String) }]);
  lie(HONEST, HONEST);
  const { receipt } = await pay(to, { step: 'kept' });
  expect(receipt).toBe(last().attempts[0]!.receipt);
  expect([last().attempts.length, holds(to)]).toEqual([2, HALF]);
});

it('is not made by a ledger that has forgotten it: the chain knows its receipt', async () => {
  const [first, second] = [somebody(), somebody()];
  await pay(first, { policy: WITH_RECEIPT, step: 'restored' });
  at.payments = memoryPayments();
  const failed = await failure(pay(second, { policy: WITH_RECEIPT, step: 'restored' }));
  expect(failed).toMatchObject({ code: 'solana.receiptTaken', unknown: true, retryable: false });
  expect([holds(first), holds(second)]).toEqual([HALF, 0n]);
});

describe('one provider alone', () => {
  it('is not believed that a transaction is dead: a person has to decide', async () => {
    const alone = await setScene({ providers: 1 });
    alone.providers[0]!.lies.send = 'lose';
    const pending = transfer(payingStep(at.payments), await alone.wallet(), orderOf(somebody()), fastClock());
    expect(await failure(pending)).toMatchObject({ code: 'solana.needsPerson', unknown: true, retryable: false });
    expect(last().attempts).toHaveLength(1);
    expect(at.payments.held('SOL')).toBe(HALF);
    await alone.close();
  });

  it('is enough where there is a receipt', async () => {
    const alone = await setScene({ providers: 1 });
    alone.providers[0]!.lies.send = 'lose';
    const clock = fastClock(() => {
      if (last().attempts[0]?.state === 'expired') alone.providers[0]!.lies.send = 'land';
    });
    const to = somebody();
    await transfer(payingStep(at.payments), await alone.wallet(WITH_RECEIPT), orderOf(to), clock);
    expect(alone.chain.svm.account(to)?.lamports).toBe(HALF);
    await alone.close();
  });
});

describe('a payment that is refused', () => {
  it.each<[string, object | null, RegExp]>([
    ['without a policy', null, /has no policy/],
    [
      'above the limit of a payment',
      { ...GENEROUS, assets: [{ asset: 'SOL', perTransaction: '0.4', perDay: '9' }] },
      /above 0.4/,
    ],
    ['to a stranger', { ...GENEROUS, recipients: [] }, /not among the recipients/],
    [
      'with fees above what is allowed',
      { ...WITH_RECEIPT, costs: { perTransaction: '0.0001', perDay: '1' } },
      /Fees and rent/,
    ],
  ])('%s: nothing is signed, and nothing stays set aside', async (_, policy, message) => {
    const pending = transfer(
      payingStep(at.payments),
      await at.scene.wallet(policy as never),
      orderOf(somebody()),
      fastClock(),
    );
    expect(await failure(pending)).toMatchObject({ code: 'solana.policy', message: expect.stringMatching(message) });
    expect(at.payments.held('SOL')).toBe(0n);
    expect([...at.payments.all.values()].flatMap(({ attempts }) => attempts)).toEqual([]);
  });

  it('takes what the wallet does not hold', async () => {
    const poor = await setScene();
    const wallet = await poor.wallet({
      ...GENEROUS,
      assets: [{ asset: 'SOL', perTransaction: '5000', perDay: '9999', receiptFrom: '9999' }],
    });
    const pending = transfer(payingStep(at.payments), wallet, orderOf(somebody(), '4000'), fastClock());
    expect(await failure(pending)).toMatchObject({ code: 'solana.insufficientFunds', unknown: false });
    expect([last().state, at.payments.held('SOL'), at.payments.held(COST)]).toEqual(['refused', 0n, 0n]);
    await poor.close();
  });

  it('is too small to make the account of its recipient', async () => {
    const pending = transfer(
      payingStep(at.payments),
      await at.scene.wallet(),
      orderOf(somebody(), '0.000000005'),
      fastClock(),
    );
    expect(await failure(pending)).toMatchObject({
      code: 'solana.rent',
      message: expect.stringContaining('0.00089088'),
    });
  });

  it('goes to a program, or to an address that no key can own, unless that is allowed by name', async () => {
    const { tokenAccountOf } = await import('../chain/library.ts');
    const { TOKEN } = await import('../chain/programs.ts');
    const offCurve = await tokenAccountOf({ owner: somebody(), mint: somebody(), program: TOKEN });
    expect(await failure(pay(offCurve))).toMatchObject({ code: 'solana.refused', details: { kind: 'offCurve' } });
    await pay(offCurve, { policy: { ...GENEROUS, allow: ['offCurve'] } });
    expect(holds(offCurve)).toBe(HALF);
    at.payments = memoryPayments();
    expect(await failure(pay(TOKEN))).toMatchObject({ code: 'solana.refused' });
  });

  it('comes from a wallet that was stopped: before it is sent, nothing leaves; afterwards it is only watched', async () => {
    const to = somebody();
    at.payments.stopped = true;
    await expect(pay(to)).rejects.toMatchObject({ code: 'payment.stopped' });
    at.payments.stopped = false;
    lie({ send: 'lose' }, { send: 'lose' });
    at.scene.providers[0]!.received.clear();
    const stop = () => {
      at.payments.stopped = true;
    };
    await expect(pay(to, { onPause: stop })).rejects.toMatchObject({ code: 'payment.stopped' });
    expect([...at.scene.providers[0]!.received.values()]).toEqual([1]);
    expect([last().state, holds(to)]).toEqual(['cancelled', 0n]);
  });
});

describe('a cancelled payment', () => {
  it('that was not sent moves nothing and sets everything free', async () => {
    const cancel = new AbortController();
    const to = somebody();
    const stopping = {
      ...at.payments,
      keep: async (...given: Parameters<typeof at.payments.keep>) => {
        await at.payments.keep(...given);
        cancel.abort(new Error('cancelled'));
      },
    };
    const pending = transfer(
      payingStep(stopping, 'pay', cancel.signal),
      await at.scene.wallet(),
      orderOf(to),
      fastClock(),
    );
    await expect(pending).rejects.toThrow('cancelled');
    expect([last().state, at.payments.held('SOL'), holds(to)]).toEqual(['cancelled', 0n, 0n]);
    expect(last().attempts.map(({ state }) => state)).toEqual(['discarded']);
    expect(await pay(to)).toMatchObject({ to });
    expect(holds(to)).toBe(HALF);
  });

  it('that was sent makes no new transaction, and is watched until it has landed', async () => {
    const cancel = new AbortController();
    const to = somebody();
    const clock = fastClock(() => cancel.abort(new Error('cancelled')));
    await transfer(payingStep(at.payments, 'pay', cancel.signal), await at.scene.wallet(), orderOf(to), clock);
    expect([last().state, last().attempts.length]).toEqual(['paid', 1]);
  });

  it('whose bytes are dead ends as cancelled', async () => {
    const cancel = new AbortController();
    lie({ send: 'lose' }, { send: 'lose' });
    const clock = fastClock(() => cancel.abort(new Error('cancelled')));
    const pending = transfer(
      payingStep(at.payments, 'pay', cancel.signal),
      await at.scene.wallet(),
      orderOf(somebody()),
      clock,
    );
    await expect(pending).rejects.toThrow('cancelled');
    expect([last().state, at.payments.held('SOL')]).toEqual(['cancelled', 0n]);
  });
});
