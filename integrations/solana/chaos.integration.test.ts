/** `npm run chaos -- solana --runs 1000` runs more than the slice that every run of the tests does. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ledgerFor } from '../../activities/node/payments.ts';
import { parseKeyring } from '../../db/index.ts';
import { walletTotals } from '../../db/queries/payments/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { Payments } from '../payments.ts';
import { fromUnits } from './notation/amounts.ts';
import { transfer } from './payment/transfer.ts';
import { payInChaos, type Verdict } from './testing/chaos.ts';
import { fastClock, GENEROUS, orderOf, payingStep, type Scene, setScene, somebody } from './testing/scene.ts';

const RUNS = Number(process.env.BLOK_CHAOS_RUNS ?? 15);
/** Payments at once under a limit. */
const AT_ONCE = process.env.BLOK_CHAOS_RUNS === undefined ? 10 : 50;
const store = useDatabase();
const keyring = parseKeyring(randomBytes(32).toString('base64'));
const ledger = (step: string): Payments =>
  ledgerFor({
    ...{ runId: 'r', workflow: 'w', step, idempotencyKey: `a/w/call/r/${step}`, keyring },
    within: (work) => store.inside(work),
  });

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());

it(
  'pays each payment exactly once, whoever dies and whatever providers say',
  async () => {
    const seed = Number(process.env.BLOK_CHAOS_SEED ?? inject('seed'));
    const verdicts: Timed[] = [];
    for (let index = 0; index < RUNS; index += 1) {
      const began = performance.now();
      const verdict = await payInChaos(scene, ledger, { seed, index });
      const { landed, payment } = verdict;
      // A person decides only if each of the transactions that a payment may have was proven dead.
      const isSpent = payment?.state === 'review' && payment.attempts.every(({ state }) => state === 'expired');
      expect({ seed, index, state: payment?.state, landed }).toEqual({
        ...{ seed, index },
        ...(isSpent ? { state: 'review', landed: 0 } : { state: 'paid', landed: 1 }),
      });
      verdicts.push({ ...verdict, ms: performance.now() - began });
    }
    report(seed, verdicts);
    expect(verdicts.some(({ kills }) => kills > 0)).toBe(true);
    const held = await store.inside((tx) => walletTotals(tx, { address: scene.address }));
    const open = verdicts.filter(({ payment }) => payment?.state === 'review').length;
    expect(held.filter((one) => one.held > 0n).length > 0).toBe(open > 0);
  },
  RUNS * 3_000 + 30_000,
);

/** How a payment ended, and how long it took. */
type Timed = Verdict & { readonly ms: number };

function report(seed: number, verdicts: readonly Timed[]): void {
  const sum = (of: (verdict: Timed) => number): number => verdicts.reduce((total, one) => total + of(one), 0);
  const attemptsOf = ({ payment }: Verdict): number => payment?.attempts.length ?? 0;
  const sorted = (of: (verdict: Timed) => number): number[] => verdicts.map(of).sort((a, b) => a - b);
  const times = sorted(({ ms }) => ms);
  const at = (share: number): string => `${Math.round(times[Math.floor((times.length - 1) * share)]!)} ms`;
  const people = sum(({ payment }) => (payment?.state === 'review' ? 1 : 0));
  console.log(
    `seed ${seed}: ${verdicts.length} payments, ${sum(({ landed }) => landed)} landed, ${people} left to a person, ` +
      `${sum(attemptsOf)} transactions signed (${sorted(attemptsOf).at(-1)} at most for one payment), ${sum(({ kills }) => kills)} kills, ${sum(({ doubles }) => doubles)} times two workers, ` +
      `${sum(({ receipt }) => (receipt ? 1 : 0))} with a receipt; a payment took ${at(0.5)} (95 %: ${at(0.95)}, longest: ${at(1)}), all of them ${Math.round(sum(({ ms }) => ms) / 1_000)} s`,
  );
}

it('never pays above a limit, by one lamport, when fifty payments begin at once, and leaves nothing set aside', async () => {
  const own = await setScene({ blocksPerLook: 0.05 });
  const amount = 10_000_000n;
  const perDay = fromUnits(amount * 25n, 9);
  const policy = { ...GENEROUS, assets: [{ ...GENEROUS.assets[0]!, perDay }] };
  const wallet = await own.wallet(policy);
  const pay = (index: number) => {
    const step = `capped-${index}`;
    return transfer(payingStep(ledger(step), step), wallet, orderOf(somebody(), '0.01'), fastClock());
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => pay(index)));
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set(['payment.limit']));
  expect(refused).toHaveLength(25);
  expect(own.chain.ledger.filter(({ err }) => err === null)).toHaveLength(25);
  const totals = await store.inside((tx) => walletTotals(tx, { address: own.address }));
  expect(totals.find(({ asset }) => asset === 'SOL')).toMatchObject({ spent: amount * 25n, held: 0n });
  expect(totals.every(({ held }) => held === 0n)).toBe(true);
  await own.close();
});

it(
  'keeps a limit of half of what is asked, while workers die and providers lie, and sets nothing aside for good',
  async () => {
    const seed = Number(process.env.BLOK_CHAOS_SEED ?? inject('seed'));
    const own = await setScene({ blocksPerLook: 8 / AT_ONCE });
    const amount = 10_000_000n;
    const most = AT_ONCE / 2;
    const perDay = fromUnits(amount * BigInt(most), 9);
    const began = performance.now();
    const verdicts = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        payInChaos(own, ledger, { seed, index: 1_000_000 + index, perDay }),
      ),
    );
    const landed = verdicts.reduce((sum, one) => sum + one.landed, 0);
    const left = verdicts.filter(({ payment }) => payment?.state === 'review').length;
    console.log(
      `seed ${seed}: ${AT_ONCE} payments at once, ${landed} of at most ${most} landed, ${left} left to a person, ` +
        `${verdicts.reduce((sum, { kills }) => sum + kills, 0)} kills, ${Math.round(performance.now() - began)} ms`,
    );
    expect(verdicts.every((one) => one.landed <= 1)).toBe(true);
    expect({ landed: landed + left, most }).toEqual({ landed: most, most });
    const totals = await store.inside((tx) => walletTotals(tx, { address: own.address }));
    const sol = totals.find(({ asset }) => asset === 'SOL');
    // What a person has to decide about stays counted until then.
    expect(sol).toMatchObject({ spent: amount * BigInt(landed), held: amount * BigInt(left) });
    await own.close();
  },
  AT_ONCE * 6_000 + 30_000,
);
