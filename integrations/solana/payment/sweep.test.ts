import { expect, it } from 'vitest';
import { COST } from '../../payments.ts';
import { memoryPayments } from '../testing/memory-payments.ts';
import { HONEST } from '../testing/provider.ts';
import { fastClock, orderOf, payingStep, setScene, somebody } from '../testing/scene.ts';
import { transfer } from './transfer.ts';

it('settles what was sent and left alone, before it counts against the next payment', async () => {
  const scene = await setScene();
  const payments = memoryPayments();
  const swallow = (send: 'lose' | 'land'): void => {
    for (const { lies } of scene.providers) Object.assign(lies, HONEST, { send });
  };
  const leave = async (step: string): Promise<void> => {
    const killed = { ...fastClock(), pause: () => Promise.reject(new Error('terminated')) };
    await expect(
      transfer(payingStep(payments, step), await scene.wallet(), orderOf(somebody()), killed),
    ).rejects.toThrow('terminated');
  };
  await leave('landed');
  swallow('lose');
  await leave('lost');
  swallow('land');
  for (const { terms, state } of payments.all.values()) {
    expect(state).toBe('open');
    payments.late.add(terms.id);
  }
  expect(payments.held('SOL')).toBe(1_000_000_000n);
  scene.chain.advance(400);
  await transfer(payingStep(payments, 'next'), await scene.wallet(), orderOf(somebody()), fastClock());
  expect([...payments.all.values()].map(({ state }) => state)).toEqual(['paid', 'cancelled', 'paid']);
  expect([payments.held('SOL'), payments.held(COST), payments.spent('SOL')]).toEqual([0n, 0n, 1_000_000_000n]);
  expect(scene.chain.ledger.filter(({ err }) => err === null)).toHaveLength(2);
  await scene.close();
});
