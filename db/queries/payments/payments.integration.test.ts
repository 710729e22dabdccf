import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../../secrets/keyring.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { openConnection } from '../connections.ts';
import {
  abandonedPayments,
  type BeginPayment,
  beginPayment,
  createWalletConnection,
  endAttempt,
  hasPaidTo,
  isSigning,
  keepAttempt,
  type LimitInput,
  markSending,
  noteSigning,
  readPayment,
  resolvePayment,
  settlePayment,
  stopWallet,
  walletLedger,
  walletTotals,
} from './index.ts';
import { beginning, hex, newWallet } from './testing/beginning.ts';

const store = useDatabase();
const begin = (input: BeginPayment, workspace?: string) => store.inside((tx) => beginPayment(tx, input), workspace);
const attempt = (no: number) => ({
  ...{ no, signature: hex(), wire: randomBytes(80), blockhash: 'b', horizon: 9_000_000_000_000n, fee: 5n, cost: 5n },
  receipt: null,
});
const keep = (id: string, no: number) => store.inside((tx) => keepAttempt(tx, { id, attempt: attempt(no) }));
const sending = (id: string, no: number) => store.inside((tx) => markSending(tx, { id, no }));
const end = (id: string, no: number, state: 'expired' | 'failed' | 'landed') =>
  store.inside((tx) => endAttempt(tx, { id, no, state, proof: [state] }));
const settle = (
  id: string,
  state: 'paid' | 'failed' | 'refused' | 'cancelled' | 'review',
  spent: { asset: string; amount: bigint }[] = [],
) => store.inside((tx) => settlePayment(tx, { id, state, proof: null, spent }));
const read = (id: string, workspace?: string) => store.inside((tx) => readPayment(tx, { id }), workspace);
const totals = (address: string) => store.inside((tx) => walletTotals(tx, { address }));
const day = (most: bigint): LimitInput => ({ asset: 'SOL', within: 'day', most });

describe('the ledger of payments', () => {
  it('opens a payment once, and gives it to whoever comes again', async () => {
    const input = beginning(newWallet());
    await expect(begin({ ...input, reserve: [] })).rejects.toMatchObject({ code: 'payment.ended' });
    const first = await begin(input);
    expect(first).toMatchObject({ state: 'open', terms: input.terms, reserved: input.reserve, attempts: [] });
    expect(await begin({ ...input, reserve: [] })).toEqual(first);
    expect(await read(input.terms.id, 'b')).toBeNull();
  });

  it('refuses the same payment with other terms', async () => {
    const wallet = newWallet();
    const input = beginning(wallet);
    await begin(input);
    for (const changed of [{ amount: 11n }, { recipient: 'eve' }])
      await expect(begin(beginning(wallet, { id: input.terms.id, ...changed }))).rejects.toMatchObject({
        code: 'payment.conflict',
      });
  });

  it('keeps the first bytes of an attempt, and no second attempt while the first may land', async () => {
    const { terms } = beginning(newWallet());
    await begin({ ...beginning(terms.wallet, { id: terms.id }) });
    await Promise.all([keep(terms.id, 1), keep(terms.id, 1), keep(terms.id, 1)]);
    const [kept] = (await read(terms.id))!.attempts;
    await keep(terms.id, 1);
    await keep(terms.id, 2);
    expect((await read(terms.id))!.attempts).toEqual([kept]);
    expect(kept).toMatchObject({ no: 1, state: 'signed', horizon: 9_000_000_000_000n });
    expect(await sending(terms.id, 1)).toBe(true);
    await keep(terms.id, 2);
    expect((await read(terms.id))!.attempts).toHaveLength(1);
    await end(terms.id, 1, 'expired');
    await keep(terms.id, 2);
    expect((await read(terms.id))!.attempts.map(({ no, state }) => [no, state])).toEqual([
      [1, 'expired'],
      [2, 'signed'],
    ]);
    expect(await sending(terms.id, 1)).toBe(false);
  });

  it('gives nothing up that was sent, and lets nothing be sent that was given up', async () => {
    const [one, two] = [beginning(newWallet()), beginning(newWallet())];
    for (const { terms } of [one, two]) {
      await begin(beginning(terms.wallet, { id: terms.id }));
      await keep(terms.id, 1);
    }
    await sending(one.terms.id, 1);
    for (const state of ['cancelled', 'refused'] as const)
      await expect(settle(one.terms.id, state)).rejects.toMatchObject({ code: 'payment.pending' });
    expect((await settle(two.terms.id, 'cancelled')).attempts).toMatchObject([{ state: 'discarded' }]);
    expect(await sending(two.terms.id, 1)).toBe(false);
    await keep(two.terms.id, 2);
    expect((await read(two.terms.id))!.attempts).toHaveLength(1);
    expect(await begin(beginning(two.terms.wallet, { id: two.terms.id }))).toMatchObject({ state: 'open' });
    await keep(two.terms.id, 2);
    expect(await sending(two.terms.id, 2)).toBe(true);
  });

  it('takes the same bytes again if nobody has seen them, and never if they are proven dead', async () => {
    const { terms } = beginning(newWallet());
    const again = { id: terms.id, attempt: { ...attempt(1) } };
    const keepAgain = (no: number) =>
      store.inside((tx) => keepAttempt(tx, { ...again, attempt: { ...again.attempt, no } }));
    const states = async () => (await read(terms.id))!.attempts.map(({ no, state }) => [no, state]);
    await begin(beginning(terms.wallet, { id: terms.id }));
    await keepAgain(1);
    await settle(terms.id, 'cancelled');
    await begin(beginning(terms.wallet, { id: terms.id }));
    await keepAgain(2);
    expect(await states()).toEqual([[1, 'signed']]);
    await sending(terms.id, 1);
    await end(terms.id, 1, 'expired');
    await keepAgain(2);
    expect(await states()).toEqual([[1, 'expired']]);
  });

  it('stays as it ended, except that what waits for a person may still turn out', async () => {
    const { terms } = beginning(newWallet());
    await begin(beginning(terms.wallet, { id: terms.id }));
    await keep(terms.id, 1);
    await sending(terms.id, 1);
    expect(await settle(terms.id, 'review')).toMatchObject({
      state: 'review',
      reserved: [{ amount: 10n }, { amount: 7n }],
    });
    await end(terms.id, 1, 'landed');
    expect(await settle(terms.id, 'paid', [{ asset: 'SOL', amount: 10n }])).toMatchObject({
      state: 'paid',
      reserved: [],
    });
    expect(await settle(terms.id, 'failed')).toMatchObject({ state: 'paid' });
    expect(await totals(terms.wallet)).toEqual([{ chain: 'solana:x', asset: 'SOL', held: 0n, spent: 10n }]);
  });

  it('ends a payment together with the attempt that ended it, and lets none fail while another attempt may land', async () => {
    const { terms } = beginning(newWallet());
    const { id } = terms;
    const states = async () => (await read(id))!.attempts.map(({ state }) => state);
    const over = (state: 'paid' | 'failed', no: number) =>
      store.inside((tx) =>
        settlePayment(tx, {
          ...{ id, state, proof: ['seen'], spent: [{ asset: 'cost', amount: 5n }] },
          attempt: { no, state: state === 'paid' ? 'landed' : 'failed' },
        }),
      );
    await begin(beginning(terms.wallet, { id }));
    await keep(id, 1);
    await sending(id, 1);
    await end(id, 1, 'expired');
    await keep(id, 2);
    await sending(id, 2);
    expect(await over('failed', 1)).toMatchObject({ state: 'open', reserved: [{ amount: 10n }, { amount: 7n }] });
    expect(await over('failed', 2)).toMatchObject({ state: 'failed', reserved: [] });
    expect(await states()).toEqual(['expired', 'failed']);
    await begin(beginning(terms.wallet, { id }));
    expect(await over('paid', 2)).toMatchObject({ state: 'paid', attempts: [{}, { proof: ['seen'] }] });
    expect(await states()).toEqual(['expired', 'landed']);
  });

  it('counts what is held and what was spent in 24 hours against a limit, and nothing that is free again', async () => {
    const wallet = newWallet();
    const limits = [day(25n)];
    const first = beginning(wallet, { limits });
    await begin(first);
    const second = beginning(wallet, { limits });
    await begin(second);
    await expect(begin(beginning(wallet, { limits, amount: 6n }))).rejects.toMatchObject({
      code: 'payment.limit',
      message: expect.stringContaining('20 are spent or held'),
    });
    await settle(first.terms.id, 'cancelled');
    await begin(beginning(wallet, { limits, amount: 15n }));
    await expect(begin(beginning(wallet, { limits, amount: 1n }))).rejects.toMatchObject({ code: 'payment.limit' });
    await store.inside((tx) =>
      tx.db.execute(sql`update payment_reservation set state = 'spent', changed_at = now() - interval '25 hours'
        where intent_id = ${second.terms.id}`),
    );
    await begin(beginning(wallet, { limits, amount: 10n }));
  });

  it('counts 24 hours back from now, whatever day it is and wherever the database thinks it is', async () => {
    const wallet = newWallet();
    const limits = [day(15n)];
    const { terms } = beginning(wallet, { limits });
    await begin(beginning(wallet, { limits, id: terms.id }));
    const isFree = async (ago: string, zone: string) =>
      store
        .inside(async (tx) => {
          await tx.db.execute(sql.raw(`set local time zone '${zone}'`));
          await tx.db.execute(sql`update payment_reservation set state = 'spent', changed_at = now() - ${ago}::interval
            where intent_id = ${terms.id}`);
          await beginPayment(tx, beginning(wallet, { limits }));
          // Nothing of this stays.
          throw new Error('free');
        })
        .catch((error: Error & { code?: string }) => error.code ?? error.message);
    // Where clocks change, a day may have 23 or 25 hours; a limit of 24 hours has not.
    for (const zone of ['UTC', 'Pacific/Kiritimati', 'America/New_York', 'Asia/Kathmandu']) {
      expect(await isFree('23 hours 59 minutes 59 seconds', zone)).toBe('payment.limit');
      expect(await isFree('24 hours 1 second', zone)).toBe('free');
    }
  });

  it('counts by run and by recipient, too', async () => {
    const wallet = newWallet();
    const limits: LimitInput[] = [
      { asset: 'SOL', within: 'run', most: 15n },
      { asset: 'SOL', within: 'recipient', most: 12n },
    ];
    await begin(beginning(wallet, { limits }));
    await expect(begin(beginning(wallet, { limits, recipient: 'bob' }))).rejects.toThrow(/in one run/);
    await expect(begin(beginning(wallet, { limits, runId: 'r2' }))).rejects.toThrow(/to one recipient/);
    await begin(beginning(wallet, { limits, runId: 'r2', recipient: 'bob' }));
  });

  it('holds a limit to the last unit, however many begin at once', async () => {
    const wallet = newWallet();
    const all = Array.from({ length: 40 }, () => begin(beginning(wallet, { limits: [day(105n)] })));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect((await totals(wallet)).find(({ asset }) => asset === 'SOL')).toMatchObject({ held: 100n });
  });

  it('lets a stopped wallet begin, sign and send nothing, until it is started again', async () => {
    const wallet = newWallet();
    const [signed, fresh] = [beginning(wallet), beginning(wallet)];
    for (const input of [signed, fresh]) await begin(input);
    await keep(signed.terms.id, 1);
    const stop = (stopped: boolean) =>
      store.inside((tx) => stopWallet(tx, { address: wallet, stopped, because: 'odd' }));
    await stop(true);
    const stopped = { code: 'payment.stopped', message: expect.stringContaining('odd') };
    await expect(begin(beginning(wallet))).rejects.toMatchObject(stopped);
    await expect(keep(fresh.terms.id, 1)).rejects.toMatchObject(stopped);
    await expect(sending(signed.terms.id, 1)).rejects.toMatchObject(stopped);
    await stop(false);
    expect(await sending(signed.terms.id, 1)).toBe(true);
    await stop(true);
    expect(await sending(signed.terms.id, 1)).toBe(false);
  });

  it('shows payments page by page, the newest first, by run and step', async () => {
    const wallet = newWallet();
    const ids: string[] = [];
    for (const step of ['a', 'b', 'c']) {
      const input = beginning(wallet, { step });
      ids.unshift(input.terms.id);
      await begin(input);
    }
    await keep(ids[0]!, 1);
    const page = (more: object = {}) => store.inside((tx) => walletLedger(tx, { address: wallet, limit: 2, ...more }));
    const first = await page();
    expect(first.map(({ terms }) => terms.id)).toEqual(ids.slice(0, 2));
    expect(first[0]!.attempts).toMatchObject([{ no: 1, state: 'signed' }]);
    expect(first[0]!.attempts[0]).not.toHaveProperty('wire');
    const last = first[1]!;
    expect(
      (await page({ before: { createdAt: last.createdAt, id: last.terms.id } })).map(({ terms }) => terms.id),
    ).toEqual([ids[2]]);
    expect(await page({ step: 'a', runId: 'r1' })).toHaveLength(1);
    expect(await page({ runId: 'r9' })).toEqual([]);
  });
});

it('makes the connection of a wallet once for its step, and replaces none', async () => {
  const keyring = parseKeyring(randomBytes(32).toString('base64'));
  const make = (address: string, idempotencyKey: string) =>
    store.inside((tx) =>
      createWalletConnection(tx, {
        ...{ name: 'tips', address, data: { secretKey: address }, shown: { address }, keyring, idempotencyKey },
      }),
    );
  expect(await make('first', 'one')).toEqual({ address: 'first' });
  expect(await make('second', 'one')).toEqual({ address: 'first' });
  await expect(make('third', 'two')).rejects.toMatchObject({ code: 'wallet.exists' });
  expect(await store.inside((tx) => openConnection(tx, { name: 'tips', keyring }))).toMatchObject({
    type: 'solana-wallet',
    data: { secretKey: 'first' },
  });
});

describe('payments that were left alone', () => {
  const age = (id: string, hours: number) =>
    store.inside((tx) =>
      tx.db.execute(sql`update payment_intent set opened_at = now() - ${hours} * interval '1 hour' where id = ${id}`),
    );
  const left = async (wallet: string, chain = 'solana:x', workspace = 'a') => {
    const rows = await store.inside((tx) => abandonedPayments(tx, { wallet, chain }), workspace);
    return rows.map(({ terms }) => terms.id);
  };

  it('are found after three hours, the oldest first, a few at a time, of one wallet, chain and workspace', async () => {
    const wallet = newWallet();
    const inputs = Array.from({ length: 7 }, () => beginning(wallet));
    for (const input of inputs) await begin(input);
    const ids = inputs.map(({ terms }) => terms.id);
    expect(await left(wallet)).toEqual([]);
    for (const id of ids) await age(id, 2);
    expect(await left(wallet)).toEqual([]);
    for (const id of ids.slice(1)) await age(id, 4);
    expect(await left(wallet)).toEqual(ids.slice(1, 6));
    expect(await left(newWallet())).toEqual([]);
    expect(await left(wallet, 'solana:y')).toEqual([]);
    expect(await left(wallet, 'solana:x', 'b')).toEqual([]);
    await settle(ids[1]!, 'cancelled');
    await settle(ids[2]!, 'review');
    expect(await left(wallet)).toEqual(ids.slice(3));
  });
});

it('notes up to which attempt a person decided that nothing was paid', async () => {
  const wallet = newWallet();
  const { terms } = beginning(wallet);
  await begin(beginning(wallet, { id: terms.id }));
  for (const no of [1, 2]) {
    await keep(terms.id, no);
    await sending(terms.id, no);
    if (no === 1) await end(terms.id, no, 'expired');
  }
  await settle(terms.id, 'review');
  const decide = (hasPaid: boolean) =>
    store.inside((tx) => resolvePayment(tx, { id: terms.id, address: wallet, hasPaid, note: 'seen', by: 'ada' }));
  expect(await decide(false)).toMatchObject({ state: 'cancelled', decidedNo: 2 });
  expect(await begin(beginning(wallet, { id: terms.id }))).toMatchObject({ state: 'open', decidedNo: 2 });
  await settle(terms.id, 'review');
  expect(await decide(true)).toMatchObject({ state: 'paid' });
  expect(await store.inside((tx) => hasPaidTo(tx, terms))).toBe(true);
  expect(await store.inside((tx) => hasPaidTo(tx, { ...terms, recipient: 'bob' }))).toBe(false);
});

it('notes who is about to sign, for a while, and not for a wallet that was stopped', async () => {
  const wallet = newWallet();
  const input = beginning(wallet);
  const { id } = input.terms;
  const note = (forMs: number) => store.inside((tx) => noteSigning(tx, { id, forMs }));
  const signing = () => store.inside((tx) => isSigning(tx, { address: wallet }));
  expect(await note(1_000)).toBeNull();
  await begin(input);
  expect(await signing()).toBe(false);
  expect(await note(60_000)).toMatchObject({ state: 'open' });
  expect(await signing()).toBe(true);
  await note(0);
  expect(await signing()).toBe(false);
  await store.inside((tx) => stopWallet(tx, { address: wallet, stopped: true, because: null }));
  await expect(note(1_000)).rejects.toMatchObject({ code: 'payment.stopped' });
});
