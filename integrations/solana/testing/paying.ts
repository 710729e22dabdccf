import { afterAll, beforeAll, beforeEach } from 'vitest';
import { transfer } from '../payment/transfer.ts';
import { type MemoryPayments, memoryPayments } from './memory-payments.ts';
import { HONEST, type Lies } from './provider.ts';
import { fastClock, GENEROUS, orderOf, payingStep, type Scene, setScene } from './scene.ts';

/** What a payment of these tests differs in. */
interface Paying {
  readonly policy?: object;
  readonly step?: string;
  /** In SOL. */
  readonly amount?: string;
  /** Called whenever the payment waits. */
  readonly onPause?: () => void;
}

/** Tests of payments: a scene for all tests of a file; for each test a ledger without payments, and providers that do not lie. */
export function usePaying() {
  const at = {
    scene: undefined as unknown as Scene,
    payments: undefined as unknown as MemoryPayments,
    /** Lies that the providers tell from now on. */
    lie: (first: Partial<Lies>, second: Partial<Lies> = {}): void =>
      [first, second].forEach((lies, index) => {
        Object.assign(at.scene.providers[index]!.lies, lies);
      }),
    pay: async (to: string, { policy = GENEROUS, onPause, step = 'pay', amount = '0.5' }: Paying = {}) => {
      const wallet = await at.scene.wallet(policy as never);
      return transfer(payingStep(at.payments, step), wallet, orderOf(to, amount), fastClock(onPause));
    },
    holds: (address: string): bigint => at.scene.chain.svm.account(address)?.lamports ?? 0n,
    /** The last payment of the ledger. */
    last: () => [...at.payments.all.values()].at(-1)!,
  };
  beforeAll(async () => {
    at.scene = await setScene();
  });
  afterAll(() => at.scene.close());
  beforeEach(() => {
    at.payments = memoryPayments();
    for (const { lies } of at.scene.providers) Object.assign(lies, HONEST);
  });
  return at;
}
