/** `npm run chaos -- solana --runs 1000` runs more than the slice that every run of the tests does. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ledgerFor } from '../../activities/node/payments.ts';
import { parseKeyring } from '../../db/index.ts';
import { walletTotals } from '../../db/queries/payments/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { Payments } from '../payments.ts';
import { fromUnits } from './amounts.ts';
import { transfer } from './payment/transfer.ts';
import { payInChaos, type Verdict } from './testing/chaos.ts';
import { fastClock, GENEROUS, orderOf, payingStep, type Scene, setScene, somebody } from './testing/scene.ts';

const RUNS = Number(process.env.BLOK_CHAOS_RUNS ?? 15);
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
    const verdicts: Verdict[] = [];
    const began = performance.now();
    for (let index = 0; index < RUNS; index += 1) {
      const verdict = await payInChaos(scene, ledger, { seed, index });
      const { landed, payment } = verdict;
      expect({ seed, index, landed: landed <= 1 }, 'paid more than once').toEqual({ seed, index, landed: true });
      // What is left to a person is proven dead: nothing of it can land any more.
      const isDead = payment?.state === 'review' && payment.attempts.every(({ state }) => state === 'expired');
      expect({ seed, index, state: payment?.state, landed }).toEqual({
        ...{ seed, index },
        ...(isDead ? { state: 'review', landed: 0 } : { state: 'paid', landed: 1 }),
      });
      verdicts.push(verdict);
    }
    report(seed, verdicts, performance.now() - began);
    expect(verdicts.some(({ kills }) => kills > 0)).toBe(true);
    const held = await store.inside((tx) => walletTotals(tx, { address: scene.address }));
    const open = verdicts.filter(({ payment }) => payment?.state === 'review').length;
    expect(held.filter((one) => one.held > 0n).length > 0).toBe(open > 0);
  },
  RUNS * 3_000 + 30_000,
);

function report(seed: number, verdicts: readonly Verdict[], ms: number): void {
  const sum = (of: (verdict: Verdict) => number): number => verdicts.reduce((total, one) => total + of(one), 0);
  const attempts = sum(({ payment }) => payment?.attempts.length ?? 0);
  const people = sum(({ payment }) => (payment?.state === 'review' ? 1 : 0));
  console.log(
    `seed ${seed}: ${verdicts.length} payments, ${sum(({ landed }) => landed)} landed, ${people} left to a person, ` +
      `${attempts} transactions signed, ${sum(({ kills }) => kills)} kills, ${sum(({ doubles }) => doubles)} times two workers, ` +
      `${sum(({ receipt }) => (receipt ? 1 : 0))} with a receipt, ${Math.round(ms)} ms`,
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
