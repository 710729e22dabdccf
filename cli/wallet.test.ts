import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

const wallet = {
  ...{ name: 'payer', address: 'Ada1', cluster: 'devnet', policy: { recipients: 'any' } },
  ...{ signer: { type: 'aws-kms' }, balances: { sol: { text: '1.5' }, tokens: [{ mint: 'Usd1', text: '20' }] } },
  ...{ balancesProblem: null, stoppedAt: null, stoppedBecause: null },
  totals: [{ chain: 'solana:x', asset: 'SOL', held: '10', spent: '5' }],
};
const payment = {
  ...{ id: 'p1', state: 'open', hasPaid: 'unknown', asset: 'SOL', amount: '250000000', decimals: 9, recipient: 'Bob1' },
  ...{ run: 'r1', step: 'pay', createdAt: '2026-11-27T10:00:00.000Z' },
  worth: { usd: '37550000', prices: [{ asset: 'SOL', high: '150.2' }] },
  attempts: [{ no: 1, signature: 'Sig1', state: 'sent', proof: null }],
};
const answering = (path: string, body: unknown) => ({ answers: { [path]: [{ body }] } });

describe('blok wallet', () => {
  it('lists wallets, and shows one with what it holds and has spent', async () => {
    const listed = await cli(['wallet', 'list'], answering('GET /api/wallets', { items: [wallet], next: 'c2' }));
    expect(listed.out).toMatch(/payer +Ada1 +devnet +1\.5 +has a policy +no/);
    const shown = await cli(['wallet', 'show', 'payer'], answering('GET /api/wallets/payer', wallet));
    expect(listed.err).toContain('More: add --cursor c2');
    expect(shown.out).toContain('payer: Ada1 on devnet, its key in aws-kms');
    expect(shown.out).toMatch(/holds 1\.5 SOL\nholds 20 Usd1/);
    expect(shown.out).toMatch(/solana:x +SOL +10 +5/);
  });

  it('lists payments with their transactions, and says of each whether it paid', async () => {
    const answers = answering('GET /api/wallets/payer/payments', { items: [payment], next: 'c2' });
    const result = await cli(['wallet', 'ledger', 'payer', '--run', 'r1'], answers);
    expect(result.out).toMatch(/\? unknown +0\.25 +SOL +Bob1 +open/);
    expect(result.out).toContain('counts 37.55 USD: SOL at 150.2');
    expect(result.out).toMatch(/1 sent Sig1/);
    const uncounted = answering('GET /api/wallets/payer/payments', {
      items: [{ ...payment, worth: null }],
      next: null,
    });
    expect((await cli(['wallet', 'ledger', 'payer'], uncounted)).out).not.toContain('USD');
    expect(result.err).toBe('More: add --cursor c2');
    expect(result.seen[0]).toMatchObject({ query: { run: 'r1', limit: '50' } });
  });

  it('replaces a policy, and stops and starts a wallet', async () => {
    const stopped = { ...wallet, stoppedAt: '2026-11-27T10:00:00.000Z', stoppedBecause: 'odd' };
    const changed = await cli(
      ['wallet', 'policy', 'payer', '--data', 'null'],
      answering('PUT /api/wallets/payer/policy', { ...wallet, policy: null }),
    );
    expect(changed.seen[0]).toMatchObject({ body: { policy: null } });
    expect(changed.out).toContain('it pays nothing');
    const result = await cli(
      ['wallet', 'stop', 'payer', '--because', 'odd'],
      answering('POST /api/wallets/payer/stop', stopped),
    );
    expect(result.out).toContain('stopped at 2026-11-27T10:00:00.000Z: odd');
    expect(result.seen[0]).toMatchObject({ body: { because: 'odd' } });
    expect((await cli(['wallet', 'start', 'payer'], answering('POST /api/wallets/payer/start', wallet))).code).toBe(0);
  });

  it('says why it is not known what a wallet holds', async () => {
    const unknown = { ...wallet, balances: null, balancesProblem: 'The chain did not answer within 3 s.' };
    const listed = await cli(['wallet', 'list'], answering('GET /api/wallets', { items: [unknown], next: null }));
    expect(listed.out).toMatch(/payer +Ada1 +devnet +\? /);
    expect(listed.err).toContain('payer: what it holds is not known: The chain did not answer');
    const shown = await cli(['wallet', 'show', 'payer'], answering('GET /api/wallets/payer', unknown));
    expect(shown.out).toContain('what it holds is not known: The chain did not answer');
  });

  it('lists payments that wait for a person, and approves or declines one by its plan', async () => {
    const shown = { recipient: 'Bob1', asset: 'SOL', amount: '0.5' };
    const asked = { payment: 'p1', plan: 'h1', shown, run: 'r1', step: 'pay', askedAt: '2026-11-27T10:00:00.000Z' };
    const listed = await cli(
      ['wallet', 'approvals', 'payer'],
      answering('GET /api/wallets/payer/approvals', { items: [asked], next: null }),
    );
    expect(listed.out).toMatch(/0\.5 +SOL +Bob1 .* p1 --plan h1/);
    const approved = await cli(
      ['wallet', 'approve', 'payer', 'p1', '--plan', 'h1'],
      answering('POST /api/wallets/payer/payments/p1/approve', { id: 'p1', plan: 'h1', state: 'approved' }),
    );
    expect(approved.out).toContain('✔ p1: approved');
    expect(approved.seen[0]).toMatchObject({ body: { plan: 'h1' } });
    const declined = await cli(
      ['wallet', 'decline', 'payer', 'p1', '--plan', 'h1', '--note', 'no'],
      answering('POST /api/wallets/payer/payments/p1/decline', { id: 'p1', plan: 'h1', state: 'declined' }),
    );
    expect(declined.seen[0]).toMatchObject({ body: { plan: 'h1', note: 'no' } });
  });
});
