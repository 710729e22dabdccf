import { describe, expect, it } from 'vitest';
import type { PaymentTerms } from '../payments.ts';
import { judge, judgeCall, type Policy, policy, refuseCost, refuseUnusual } from './policy.ts';

const ADA = 'So11111111111111111111111111111111111111112';
const BOB = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU';
const now = new Date('2026-11-27T12:00:00Z');

const terms = (given: Partial<PaymentTerms> = {}): PaymentTerms => ({
  id: 'i',
  chain: 'solana:x',
  wallet: BOB,
  connection: 'payer',
  recipient: ADA,
  asset: 'SOL',
  amount: 1_000_000_000n,
  decimals: 9,
  ...given,
});
const allowing = (given: Record<string, unknown> = {}): Policy =>
  policy.parse({ assets: [{ asset: 'SOL', perTransaction: '1', perDay: '5' }], recipients: [ADA], ...given });
const refusal = (given: Policy | null, of: Partial<PaymentTerms> = {}): string => {
  try {
    judge(given, terms(of), now, false);
    return 'allowed';
  } catch (error) {
    expect(error).toMatchObject({ code: 'solana.policy', retryable: false, unknown: false });
    return (error as Error).message;
  }
};

describe('a policy', () => {
  it('names each asset once', () => {
    const assets = ['5', '0.1'].map((perTransaction) => ({ asset: 'SOL', perTransaction, perDay: '5' }));
    expect(policy.safeParse({ assets, recipients: 'any' }).error?.issues[0]?.message).toContain('names an asset twice');
  });

  it('allows what it names, and nothing else', () => {
    expect(refusal(allowing())).toBe('allowed');
    expect(refusal(null)).toMatch(/has no policy/);
    expect(refusal(allowing(), { amount: 1_000_000_001n })).toMatch(/above 1 SOL/);
    expect(refusal(allowing(), { recipient: BOB })).toMatch(/not among the recipients/);
    expect(refusal(allowing(), { asset: ADA, decimals: 6 })).toMatch(/not among the assets/);
    expect(refusal(allowing({ recipients: [] }))).toMatch(/not among the recipients/);
    expect(refusal(allowing({ recipients: 'any' }), { recipient: BOB })).toBe('allowed');
  });

  it('ends when it says so', () => {
    expect(refusal(allowing({ until: '2026-11-27T12:00:00Z' }))).toMatch(/ended at 2026/);
    expect(refusal(allowing({ until: '2026-11-27T12:00:01Z' }))).toBe('allowed');
  });

  it('brings its limits along in base units, and asks for a receipt from a threshold on: always, if it names none', () => {
    const assets = [
      { asset: 'SOL', perTransaction: '1', perDay: '5', perRun: '2', perRecipient: '3', receiptFrom: '0.5' },
    ];
    expect(judge(allowing({ assets }), terms(), now, false)).toEqual({
      needsReceipt: true,
      needsApproval: false,
      limits: [
        { asset: 'SOL', within: 'day', most: 5_000_000_000n },
        { asset: 'SOL', within: 'run', most: 2_000_000_000n },
        { asset: 'SOL', within: 'recipient', most: 3_000_000_000n },
        { asset: 'cost', within: 'day', most: 100_000_000n },
      ],
    });
    expect(judge(allowing({ assets }), terms({ amount: 499_999_999n }), now, false).needsReceipt).toBe(false);
    expect(judge(allowing(), terms({ amount: 1n }), now, false).needsReceipt).toBe(true);
  });

  it('is refused itself if its limits cannot be amounts of the token', () => {
    const assets = [{ asset: ADA, perTransaction: '0.001', perDay: '1' }];
    expect(refusal(allowing({ assets }), { asset: ADA, amount: 1n, decimals: 2 })).toMatch(/has 2 decimals/);
  });

  it('brings limits in USD along, for payments and for calls of programs', () => {
    const usd = { perTransaction: '10', perDay: '100.5', perRecipient: '50' };
    const calling = allowing({ usd, programs: [BOB] });
    const call = judgeCall(calling, { recipient: BOB, connection: 'payer' }, [], now);
    for (const { limits } of [judge(allowing({ usd }), terms(), now, true), call])
      expect(limits.filter(({ asset }) => asset === 'usd')).toEqual([
        { asset: 'usd', within: 'day', most: 100_500_000n },
        { asset: 'usd', within: 'recipient', most: 50_000_000n },
      ]);
  });

  it('refuses what is unusual unless it is allowed by name', () => {
    const usual = { offCurve: false, transferFee: false, transferHook: false };
    expect(() => refuseUnusual(allowing(), usual)).not.toThrow();
    for (const kind of ['offCurve', 'transferFee', 'transferHook'] as const) {
      expect(() => refuseUnusual(allowing(), { ...usual, [kind]: true })).toThrow(
        expect.objectContaining({ code: 'solana.refused', details: { kind } }),
      );
    }
    for (const kind of ['offCurve', 'transferFee'] as const)
      expect(() => refuseUnusual(allowing({ allow: [kind] }), { ...usual, [kind]: true })).not.toThrow();
  });

  it('says that tokens that call a program cannot be paid, also if they are named', () => {
    const hooked = { offCurve: false, transferFee: false, transferHook: true };
    expect(() => refuseUnusual(allowing({ allow: ['transferHook'] }), hooked)).toThrow(/cannot pay such tokens yet/);
  });

  it('asks a person about recipients that are neither listed nor paid before, if it says so', () => {
    const needs = (given: Record<string, unknown>, recipient: string, isKnown = false) =>
      judge(allowing({ newRecipients: 'approve', ...given }), terms({ recipient }), now, isKnown).needsApproval;
    expect(needs({}, ADA)).toBe(false);
    expect(needs({}, BOB)).toBe(true);
    expect(needs({}, BOB, true)).toBe(false);
    expect(needs({ recipients: 'any' }, BOB)).toBe(true);
    expect(needs({ recipients: 'any' }, BOB, true)).toBe(false);
  });

  it('limits fees and rent, also if it says nothing about them', () => {
    expect(() => refuseCost(allowing(), 10_000_000n)).not.toThrow();
    expect(() => refuseCost(allowing(), 10_000_001n)).toThrow(/10000001 lamports/);
    expect(() => refuseCost(null, 1n)).toThrow();
  });

  it.each<[string, Record<string, unknown>]>([
    ['a number as an amount', { assets: [{ asset: 'SOL', perTransaction: 1, perDay: '5' }] }],
    ['an asset without a limit for a day', { assets: [{ asset: 'SOL', perTransaction: '1' }] }],
    ['a recipient that is no address', { recipients: ['ada'] }],
    ['a word that it does not know', { perWeek: '1' }],
  ])('does not take %s', (_, wrong) => {
    expect(() => allowing(wrong)).toThrow();
  });
});
