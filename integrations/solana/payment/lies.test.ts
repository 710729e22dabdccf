import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../testing/run-node.ts';
import { type MemoryPayments, memoryPayments } from '../testing/memory-payments.ts';
import { HONEST, type Lies } from '../testing/provider.ts';
import {
  fastClock,
  GENEROUS,
  orderOf,
  payingStep,
  type Scene,
  setScene,
  somebody,
  WITH_RECEIPT,
} from '../testing/scene.ts';
import { transfer } from './transfer.ts';

let scene: Scene;
let payments: MemoryPayments;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.close());
beforeEach(() => {
  payments = memoryPayments();
  for (const { lies } of scene.providers) Object.assign(lies, HONEST);
});

const HALF = 500_000_000n;
const lie = (first: Partial<Lies>, second: Partial<Lies> = {}) =>
  [first, second].forEach((lies, index) => {
    Object.assign(scene.providers[index]!.lies, lies);
  });
const pay = async (to: string, { policy = GENEROUS as object, onPause = () => {}, step = 'pay' } = {}) =>
  transfer(payingStep(payments, step), await scene.wallet(policy as never), orderOf(to), fastClock(onPause));
const holds = (address: string): bigint => scene.chain.svm.account(address)?.lamports ?? 0n;
const only = () => [...payments.all.values()][0]!;

describe('a payment lands once although', () => {
  it('one provider says that it was confirmed, and has swallowed it: the other one gets the same bytes again', async () => {
    const to = somebody();
    lie({ send: 'lose', confirmedStatus: true }, { send: 'lose' });
    await pay(to, { onPause: () => lie({}, { send: 'land' }) });
    expect([only().attempts.length, holds(to)]).toEqual([1, HALF]);
  });

  it('one provider says that it was confirmed, and forgets it again', async () => {
    const to = somebody();
    lie({ send: 'lose', confirmedStatus: true }, { send: 'lose' });
    let looks = 0;
    await pay(to, {
      onPause: () => {
        looks += 1;
        if (looks === 5) lie({ confirmedStatus: false });
        if (only().attempts[0]?.state === 'expired') lie(HONEST, HONEST);
      },
    });
    expect(only().attempts.map(({ state }) => state)).toEqual(['expired', 'landed']);
    expect(holds(to)).toBe(HALF);
  });

  it('all providers hide it, and answer about its receipt from long ago: nothing new is made', async () => {
    const to = somebody();
    const hidden = { nullStatus: true, oldAccounts: true };
    lie(hidden, hidden);
    // Long enough for everything to be dead that can die.
    const clock = { ...fastClock(), patienceMs: 60_000 };
    const wallet = await scene.wallet(WITH_RECEIPT);
    const failed = await failure(transfer(payingStep(payments, 'long ago'), wallet, orderOf(to), clock));
    expect(failed).toMatchObject({ code: 'solana.needsPerson', unknown: true });
    expect(only().attempts).toHaveLength(1);
    expect(holds(to)).toBe(HALF);
  });
});

describe('a payment is refused that', () => {
  it('goes where nobody could ever pay from, whatever the policy allows', async () => {
    const { fromBase58 } = await import('../notation/base58.ts');
    const { TOKEN, TOKEN_2022 } = await import('../chain/programs.ts');
    const policy = { ...GENEROUS, allow: ['offCurve'] };
    const owner = somebody();
    const content = (length: number): Buffer => {
      const data = Buffer.alloc(length);
      Buffer.from(fromBase58(owner)!).copy(data, 32);
      return data;
    };
    const put = (data: Uint8Array, by: string): string => {
      const address = somebody();
      scene.chain.svm.setAccount(address, { lamports: 3_000_000n, data, owner: by, executable: false });
      return address;
    };
    for (const [to, why] of [
      ['1nc1nerator11111111111111111111111111111111', /burned/],
      [TOKEN, /is a program/],
      [put(content(165), TOKEN), new RegExp(`token account of ${owner}`)],
      [put(content(165), TOKEN_2022), /token account/],
      [put(content(82), TOKEN), /mint/],
      ['SysvarC1ock11111111111111111111111111111111', /belongs to a program/],
    ] as const)
      expect(await failure(pay(to, { policy, step: to }))).toMatchObject({
        code: 'solana.refused',
        message: expect.stringMatching(why),
      });
  });
});
