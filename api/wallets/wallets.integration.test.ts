import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginPayment, endAttempt, keepAttempt, markSending, settlePayment } from '../../db/index.ts';
import { newSecretKey } from '../../integrations/solana/wallet/keypair.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

const policy = { assets: [{ asset: 'SOL', perTransaction: '1', perDay: '2' }], recipients: 'any' };

async function wallet(name: string, more: object = { policy }) {
  const { secretKey, address } = newSecretKey();
  const data = { rpc: 'chain', cluster: 'devnet', secretKey, ...more };
  const { status } = await api.put(`/api/connections/${name}`, { type: 'solana-wallet', data });
  expect(status).toBe(200);
  return { secretKey, address, at: `/api/wallets/${name}` };
}

async function payment(address: string, ends: 'sent' | 'paid' | 'signed') {
  const id = randomBytes(32).toString('hex');
  const terms = {
    id,
    chain: 'solana:x',
    wallet: address,
    connection: 'w',
    recipient: 'ada',
    asset: 'SOL',
    amount: 5n,
    decimals: 9,
  };
  const attempt = {
    no: 1,
    signature: id,
    wire: Buffer.of(1),
    blockhash: 'b',
    horizon: 9n,
    fee: 1n,
    cost: 1n,
    receipt: null,
  };
  await api.store.inside(async (tx) => {
    const reserve = [{ asset: 'SOL', amount: 5n }];
    await beginPayment(tx, { terms, reserve, limits: [], runId: 'r1', workflow: 'w', step: 'pay' });
    await keepAttempt(tx, { id, attempt });
    if (ends === 'signed') return;
    await markSending(tx, { id, no: 1 });
    if (ends === 'sent') return;
    await endAttempt(tx, { id, no: 1, state: 'landed', proof: ['seen'] });
    await settlePayment(tx, { id, state: 'paid', proof: ['seen'], spent: [{ asset: 'SOL', amount: 5n }] });
  });
  return id;
}

describe('wallets', () => {
  it('are shown with their addresses and policies, and never with a key', async () => {
    const { secretKey, address, at } = await wallet('shown');
    await api.put('/api/connections/other', { type: 'token', data: { token: 'secret' } });
    const { body } = await api.get('/api/wallets');
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['shown']);
    expect((await api.get(at)).body).toEqual({
      ...{ name: 'shown', address, cluster: 'devnet', rpc: 'chain', stoppedAt: null, stoppedBecause: null, totals: [] },
      policy: { ...policy, allow: [], costs: { perTransaction: '0.01', perDay: '0.1' } },
    });
    expect(JSON.stringify(body)).not.toContain(secretKey);
    expect((await api.get('/api/wallets/other')).status).toBe(404);
    expect((await api.get('/api/wallets/none')).status).toBe(404);
  });

  it('get another policy, which is checked, and keep their key', async () => {
    const { address, at } = await wallet('changed', {});
    expect((await api.get(at)).body.policy).toBeNull();
    const strict = { ...policy, recipients: [address] };
    expect((await api.put(`${at}/policy`, { policy: strict })).body).toMatchObject({ address, policy: strict });
    const wrong = await api.put(`${at}/policy`, { policy: { ...policy, recipients: ['ada'] } });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'connection.invalid']);
    expect((await api.get(at)).body.policy).toMatchObject(strict);
    expect((await api.put(`${at}/policy`, { policy: null })).body).toMatchObject({ address, policy: null });
  });

  it('keep the newest key when the policy changes at the same time', async () => {
    const { at } = await wallet('twice');
    const { secretKey, address } = newSecretKey();
    const data = { rpc: 'chain', cluster: 'devnet', secretKey, policy };
    await Promise.all([
      ...[1, 2, 3].map(() => api.put(`${at}/policy`, { policy: null })),
      api.put('/api/connections/twice', { type: 'solana-wallet', data }),
      ...[1, 2, 3].map(() => api.put(`${at}/policy`, { policy: null })),
    ]);
    expect((await api.get(at)).body.address).toBe(address);
    expect(
      api.logged.filter((line) => line.includes('policy of a wallet') && line.includes('"by":"owner"')),
    ).not.toEqual([]);
  });

  it('are stopped and started', async () => {
    const { at } = await wallet('stopped');
    const { body } = await api.post(`${at}/stop`, { because: 'odd' });
    expect(body).toMatchObject({ stoppedAt: expect.any(String), stoppedBecause: 'odd' });
    expect((await api.post(`${at}/start`, {})).body).toMatchObject({ stoppedAt: null, stoppedBecause: null });
  });

  it('let a person decide about a payment that waits for one, and about no other', async () => {
    const { address, at } = await wallet('decided');
    const [waiting, open] = [await payment(address, 'sent'), await payment(address, 'sent')];
    await api.store.inside((tx) => settlePayment(tx, { id: waiting, state: 'review', proof: null, spent: [] }));
    const decide = (id: string) =>
      api.post(`${at}/payments/${id}/decide`, { hasPaid: true, note: 'seen in an explorer' });
    expect((await decide(waiting)).body).toEqual({ id: waiting, state: 'paid' });
    expect((await decide(waiting)).body).toMatchObject({ code: 'payment.notWaiting' });
    expect((await decide(open)).status).toBe(409);
    const { items } = (await api.get(`${at}/payments`)).body;
    expect(items.find(({ id }: { id: string }) => id === waiting).proof).toMatchObject({ by: 'owner' });
    expect((await api.get(at)).body.totals).toEqual([{ chain: 'solana:x', asset: 'SOL', held: '5', spent: '5' }]);
  });

  it('do not say "no" of a payment about which a person has to decide', async () => {
    const { address, at } = await wallet('undecided');
    const id = await payment(address, 'signed');
    await api.store.inside((tx) => settlePayment(tx, { id, state: 'review', proof: null, spent: [] }));
    expect((await api.get(`${at}/payments`)).body.items).toMatchObject([{ id, hasPaid: 'unknown' }]);
  });

  it('show their ledgers page by page, and say of each payment whether it paid', async () => {
    const { address, at } = await wallet('ledger');
    const ids = [await payment(address, 'paid'), await payment(address, 'sent'), await payment(address, 'signed')];
    const first = (await api.get(`${at}/payments?limit=2`)).body;
    expect(first.items.map(({ id, hasPaid }: Record<string, string>) => [id, hasPaid])).toEqual([
      [ids[2], 'no'],
      [ids[1], 'unknown'],
    ]);
    const second = (await api.get(`${at}/payments?limit=2&cursor=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ id: ids[0], hasPaid: 'yes', amount: '5', proof: ['seen'] }], next: null });
    expect((await api.get(`${at}/payments?run=r1&step=pay`)).body.items).toHaveLength(3);
    expect((await api.get(`${at}/payments?cursor=x`)).status).toBe(400);
    expect((await api.get(at)).body.totals).toEqual([{ chain: 'solana:x', asset: 'SOL', held: '10', spent: '5' }]);
  });
});
