import { expect, it } from 'vitest';
import { COST } from '../../payments.ts';
import { memoryPayments } from '../testing/memory-payments.ts';
import { HONEST } from '../testing/provider.ts';
import { fastClock, orderOf, payingStep, setScene, somebody } from '../testing/scene.ts';
import { sweep } from './sweep.ts';
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

it('gives what is too old to be proven dead to a person, and settles what the ledger knows to have landed', async () => {
  const scene = await setScene();
  const payments = memoryPayments();
  const chain = await scene.bound();
  const killed = { ...fastClock(), pause: () => Promise.reject(new Error('terminated')) };
  const leave = async (step: string): Promise<string> => {
    const pending = transfer(payingStep(payments, step), await scene.wallet(), orderOf(somebody()), killed);
    await expect(pending).rejects.toThrow('terminated');
    const id = [...payments.all.keys()].at(-1)!;
    payments.late.add(id);
    return id;
  };
  for (const { lies } of scene.providers) lies.send = 'lose';
  const [old, landed] = [await leave('old'), await leave('landed')];
  const { attempts, ...payment } = payments.all.get(landed)!;
  payments.all.set(landed, { ...payment, attempts: attempts.map((one) => ({ ...one, state: 'landed' })) });
  scene.chain.advance(6_000);
  await sweep(payments, chain, scene.address);
  expect(payments.all.get(old)).toMatchObject({ state: 'review', proof: { why: 'tooOld' } });
  expect(payments.all.get(landed)).toMatchObject({ state: 'paid', reserved: [] });
  await scene.close();
});

it('gives up on a payment that does not change, and does not go round and round', async () => {
  const scene = await setScene();
  const payments = memoryPayments();
  const killed = { ...fastClock(), pause: () => Promise.reject(new Error('terminated')) };
  const pending = transfer(payingStep(payments), await scene.wallet(), orderOf(somebody()), killed);
  await expect(pending).rejects.toThrow('terminated');
  const [id] = payments.all.keys();
  payments.late.add(id!);
  scene.chain.advance(400);
  const settle = async () => payments.all.get(id!)!;
  await sweep({ ...payments, settle }, await scene.bound(), scene.address);
  expect(payments.all.get(id!)).toMatchObject({ state: 'open' });
  await scene.close();
});

it('leaves what nobody can prove in time to a person, and never fails the payment that sweeps', async () => {
  const scene = await setScene();
  const payments = memoryPayments();
  const killed = { ...fastClock(), pause: () => Promise.reject(new Error('terminated')) };
  const pending = transfer(payingStep(payments, 'lost'), await scene.wallet(), orderOf(somebody()), killed);
  scene.providers.forEach(({ lies }) => {
    lies.send = 'lose';
  });
  await expect(pending).rejects.toThrow('terminated');
  const [id] = payments.all.keys();
  payments.late.add(id!);
  scene.chain.advance(6_000);
  const bound = await scene.bound();
  scene.providers[1]!.lies.down = true;
  const broken = { ...payments, settle: () => Promise.reject(new Error('the ledger is away')) };
  await sweep(broken, bound, scene.address);
  await sweep({ ...payments, abandoned: () => Promise.reject(new Error('the ledger is away')) }, bound, scene.address);
  expect(payments.all.get(id!)).toMatchObject({ state: 'open' });
  await sweep(payments, bound, scene.address);
  expect(payments.all.get(id!)).toMatchObject({ state: 'review', proof: { why: 'abandoned' } });
  await scene.close();
});
