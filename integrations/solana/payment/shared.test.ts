/** Two runs that name the same payment, at once. */
import { describe, expect, it } from 'vitest';
import { usePaying } from '../testing/paying.ts';
import { HONEST } from '../testing/provider.ts';
import { fastClock, GENEROUS, orderOf, payingStep, somebody, WITH_RECEIPT } from '../testing/scene.ts';
import { transfer } from './transfer.ts';

const at = usePaying();
const HALF = 500_000_000n;

describe('a payment that two runs name', () => {
  it.each([
    ['without a receipt', GENEROUS],
    ['with one', WITH_RECEIPT],
  ])(
    'is made once for the one that goes on, whenever the other one is cancelled (%s)',
    { timeout: 60_000 },
    async (title, policy) => {
      const wallet = await at.scene.wallet(policy);
      // At each point of the payment: before it is sent, while it may land, and when its first transaction is dead.
      for (const when of [0, 1, 3, 10, 11, 13, 17, 19, 23]) {
        const cancel = new AbortController();
        const recipient = somebody();
        let pauses = 0;
        const clock = fastClock(() => {
          pauses += 1;
          if (pauses === when) cancel.abort(new Error('cancelled'));
          if (pauses > when + 3) at.lie(HONEST, HONEST);
        });
        const run = (name: string, signal?: AbortSignal) =>
          transfer(
            payingStep(at.payments, `${title} ${when} ${name}`, signal),
            wallet,
            orderOf(recipient, '0.5', `${title} ${when}`),
            clock,
          );
        // The step of a run that goes on is tried again as long as its errors say so.
        const goesOn = async (tries = 5): Promise<unknown> =>
          run('goes on').catch((error) => (error.retryable && tries > 0 ? goesOn(tries - 1) : Promise.reject(error)));
        const loses = when % 3 === 0 ? {} : ({ send: 'lose' } as const);
        at.lie(loses, loses);
        if (when === 0) cancel.abort(new Error('cancelled'));
        const [, second] = await Promise.allSettled([run('is cancelled', cancel.signal), goesOn()]);
        const failed = second.status === 'rejected' ? second.reason : null;
        expect({ when, failed, paid: at.holds(recipient) }).toEqual({ when, failed: null, paid: HALF });
        expect(at.payments.held('SOL')).toBe(0n);
      }
    },
  );
});
