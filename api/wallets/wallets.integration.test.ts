import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import {
  askApproval,
  beginPayment,
  endAttempt,
  keepAttempt,
  markSending,
  noteSigning,
  readApproval,
  settlePayment,
} from '../../db/index.ts';
import { setScene } from '../../integrations/solana/testing/scene.ts';
import { giveTokens, makeMint } from '../../integrations/solana/testing/tokens.ts';
import { newSecretKey } from '../../integrations/solana/wallet/keypair.ts';
import { KEYRING, useApi } from '../testing/api.ts';

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
    expect((await api.get(`${at}?balances=no`)).body).toEqual({
      ...{ name: 'shown', address, cluster: 'devnet', rpc: 'chain', stoppedAt: null, stoppedBecause: null, totals: [] },
      ...{ signer: { type: 'keypair' }, balances: null, balancesProblem: null },
      policy: { ...policy, allow: [], programs: [], costs: { perTransaction: '0.01', perDay: '0.1' } },
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

  it('show in their ledgers what a payment counts in USD, and by which price', async () => {
    const { address, at } = await wallet('worth');
    const freshUntil = '2999-01-01T00:00:00.000Z';
    const price = { high: '150.2', decimals: 9, freshUntil, agreed: { usd: '150.1' } };
    const terms = { id: randomBytes(32).toString('hex'), chain: 'solana:x', wallet: address, connection: 'w' };
    await api.store.inside((tx) =>
      beginPayment(tx, {
        terms: { ...terms, ...{ recipient: 'ada', asset: 'SOL', amount: 5n, decimals: 9 } },
        reserve: [
          { asset: 'SOL', amount: 5n, price },
          { asset: 'usd', amount: 1n },
        ],
        limits: [],
        ...{ runId: 'r1', workflow: 'w', step: 'pay' },
      }),
    );
    await payment(address, 'sent');
    const { items } = (await api.get(`${at}/payments`)).body;
    expect(items.map(({ worth }: { worth: object }) => worth)).toEqual([
      null,
      { usd: '1', prices: [{ ...price, asset: 'SOL', amount: '5' }] },
    ]);
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

  it('are listed page by page, by name', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await wallet(name);
    const names = async (query: string) => {
      const { body } = await api.get(`/api/wallets?balances=no&${query}`);
      return { names: body.items.map(({ name }: { name: string }) => name), next: body.next };
    };
    const all = (await names('limit=200')).names as string[];
    expect(all).toEqual([...all].sort());
    const found: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await names(`limit=2${cursor}`);
      found.push(...page.names);
      expect(page.names.length).toBeLessThanOrEqual(2);
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(found).toEqual(all);
    expect((await api.get('/api/wallets?cursor=x')).status).toBe(400);
  });

  it('are shown from what is sealed apart: a forged address is refused, and one of an older Blok is mended', async () => {
    const { address, at } = await wallet('apart');
    const other = await wallet('forged');
    const set = (what: ReturnType<typeof sql>, name: string) =>
      api.store.inside((tx) => tx.db.execute(sql`update connection set ${what} where name = ${name}`));
    await set(sql`shown_nonce = null, shown_ciphertext = null`, 'apart');
    expect((await api.get(`${at}?balances=no`)).body).toMatchObject({ address });
    await set(sql`nonce = '\\x00', ciphertext = '\\x00'`, 'apart');
    expect((await api.get(`${at}?balances=no`)).body).toMatchObject({ address });
    await set(
      sql`(shown_nonce, shown_ciphertext) = (select shown_nonce, shown_ciphertext from connection where name = 'apart')`,
      'forged',
    );
    expect((await api.get(`${other.at}?balances=no`)).body).toMatchObject({ code: 'connection.invalid' });
    for (const name of ['apart', 'forged']) await api.send('DELETE', `/api/connections/${name}`);
  });
});

describe('what wallets hold', () => {
  const rpc = (name: string, urls: string[]) =>
    api.put(`/api/connections/${name}`, { type: 'solana-rpc', data: { urls, cluster: 'custom' } });
  const on = (name: string, chain: string) => {
    const { secretKey, address } = newSecretKey();
    const data = { rpc: chain, cluster: 'custom', secretKey };
    return api.put(`/api/connections/${name}`, { type: 'solana-wallet', data }).then(() => address);
  };

  it('is asked from the chain, SOL and tokens', async () => {
    const scene = await setScene();
    await rpc(
      'local',
      scene.providers.map(({ url }) => url),
    );
    const owner = await on('rich', 'local');
    scene.chain.svm.fund(owner, 1_500_000_000n);
    const made = makeMint(scene);
    await giveTokens(scene, { owner, ...made }, 2_500_000n);
    expect((await api.get('/api/wallets/rich')).body).toMatchObject({
      balances: { sol: { raw: '1500000000', text: '1.5' }, tokens: [{ mint: made.mint, text: '2.5' }] },
      balancesProblem: null,
    });
    await scene.close();
  });

  it('is in no list if the wallet is deleted while it is asked, and the others are', async () => {
    let hasDeleted = false;
    const slow = createServer(async (_, response) => {
      if (!hasDeleted) {
        hasDeleted = true;
        await api.send('DELETE', '/api/connections/i-going');
      }
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    await rpc('slow', [`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`]);
    for (const name of ['i-going', 'i-staying']) await on(name, 'slow');
    const { status, body } = await api.get('/api/wallets?limit=200');
    const names = body.items.map(({ name }: { name: string }) => name);
    const listed = ['i-going', 'i-staying'].map((name) => names.includes(name));
    expect([status, hasDeleted, ...listed]).toEqual([200, true, false, true]);
    slow.closeAllConnections();
    slow.close();
  });

  it('is null with the reason, and the list is not late, if the chain is away, silent, or another one', async () => {
    const scene = await setScene();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await rpc('other', [scene.providers[0]!.url]);
    await rpc('silent', [`http://127.0.0.1:${port}/`]);
    await rpc('gone', ['http://127.0.0.1:1/']);
    const { secretKey } = newSecretKey();
    const data = { rpc: 'other', cluster: 'mainnet', secretKey };
    await api.put('/api/connections/h-wrong', { type: 'solana-wallet', data });
    for (const chain of ['silent', 'gone', 'none']) await on(`h-${chain}`, chain);
    const began = performance.now();
    const { body } = await api.get('/api/wallets?limit=200');
    expect(performance.now() - began).toBeLessThan(15_000);
    const problem = (name: string) => body.items.find((one: { name: string }) => one.name === name);
    expect(problem('h-silent')).toMatchObject({ balances: null, balancesProblem: expect.stringMatching(/within 3 s/) });
    expect(problem('h-gone')).toMatchObject({ balances: null, balancesProblem: expect.any(String) });
    expect(problem('h-none')).toMatchObject({
      balances: null,
      balancesProblem: expect.stringMatching(/no connection "none"/),
    });
    expect(problem('h-wrong')).toMatchObject({ balances: null, balancesProblem: expect.stringMatching(/mainnet/) });
    silent.closeAllConnections();
    silent.close();
    await scene.close();
  });
});

describe('a payment to a new recipient', () => {
  const plan = 'c'.repeat(64);
  const ask = async (address: string, shown: object = { recipient: 'ada', asset: 'SOL', amount: '1' }) => {
    const id = randomBytes(32).toString('hex');
    const what = { id, plan, chain: 'solana:x', wallet: address, shown: shown as never, validMs: 1_000 };
    await api.store.inside((tx) => askApproval(tx, { ...what, runId: 'r1', workflow: 'w', step: 'pay' }));
    return id;
  };
  const said = (id: string) => api.store.inside((tx) => readApproval(tx, { id, plan, keyring: KEYRING }));

  it('is listed, and approved or declined by its plan, once', async () => {
    const { address, at } = await wallet('asked');
    const [one, two] = [await ask(address), await ask(address)];
    const { body } = await api.get(`${at}/approvals?limit=1`);
    expect(body.items).toMatchObject([{ payment: one, plan, run: 'r1', step: 'pay', shown: { recipient: 'ada' } }]);
    expect((await api.get(`${at}/approvals?cursor=${body.next}`)).body.items).toMatchObject([{ payment: two }]);
    const decide = (id: string, verb: string, given: object = { plan }) =>
      api.post(`${at}/payments/${id}/${verb}`, given);
    expect((await decide(one, 'approve', { plan: 'd'.repeat(64) })).body).toMatchObject({ code: 'payment.notWaiting' });
    expect((await decide(one, 'approve')).body).toEqual({ id: one, plan, state: 'approved' });
    expect((await decide(one, 'decline')).status).toBe(409);
    expect((await decide(two, 'decline', { plan, note: 'who is that?' })).body).toMatchObject({ state: 'declined' });
    expect(await said(one)).toMatchObject({ state: 'approved', by: 'owner' });
    expect(await said(two)).toMatchObject({ state: 'declined', note: 'who is that?' });
    expect((await decide(two, 'approve')).body).toMatchObject({ state: 'approved' });
    expect((await api.get(`${at}/approvals`)).body.items).toEqual([]);
    const stranger = await wallet('stranger');
    const three = await ask(address);
    expect((await api.post(`${stranger.at}/payments/${three}/approve`, { plan })).status).toBe(409);
  });

  it('is not approved by whoever can write rows but has no key', async () => {
    const { address } = await wallet('rows');
    const id = await ask(address);
    await api.store.inside((tx) =>
      tx.db.execute(sql`update payment_approval set state = 'approved', decided_at = now() where intent_id = ${id}`),
    );
    await expect(said(id)).rejects.toMatchObject({ code: 'payment.unreadable' });
  });
});

it('answers that a wallet is stopped only when nobody signs for it any more', async () => {
  const { address, at } = await wallet('signing');
  const id = await payment(address, 'sent');
  await api.store.inside((tx) => noteSigning(tx, { id, forMs: 700 }));
  const began = performance.now();
  expect((await api.post(`${at}/stop`, {})).body).toMatchObject({ stoppedAt: expect.any(String) });
  expect(performance.now() - began).toBeGreaterThan(400);
  await expect(api.store.inside((tx) => noteSigning(tx, { id, forMs: 700 }))).rejects.toMatchObject({
    code: 'payment.stopped',
  });
});
