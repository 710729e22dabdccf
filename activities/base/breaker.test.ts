import { describe, expect, it } from 'vitest';
import { BreakerOpen, createBreaker, StoreSilent } from './breaker.ts';

const away = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
const never = () => new Promise<never>(() => undefined);
const fine = () => Promise.resolve('fine');

function breaker() {
  const clock = { now: 0 };
  const { guard } = createBreaker({ failures: 3, patienceMs: 10, restMs: 1_000, now: () => clock.now });
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) await expect(guard(away)).rejects.toThrow('refused');
  };
  return { clock, guard, fail };
}

describe('the breaker', () => {
  it('gives up on work without an answer', async () => {
    await expect(breaker().guard(never)).rejects.toThrow(StoreSilent);
  });

  it('does nothing for a while after several failures in a row', async () => {
    const { clock, guard, fail } = breaker();
    await fail(3);
    let done = 0;
    const work = () => Promise.resolve(done++);
    await expect(guard(work)).rejects.toThrow(BreakerOpen);
    clock.now = 999;
    await expect(guard(work)).rejects.toThrow(BreakerOpen);
    expect(done).toBe(0);
    clock.now = 1_000;
    await guard(work);
    await guard(work);
    expect(done).toBe(2);
  });

  it('counts again from the start after a success, or after a failure that is an answer', async () => {
    const { guard, fail } = breaker();
    await fail(2);
    await guard(fine);
    await fail(2);
    await expect(guard(() => Promise.reject(new Error('too long')))).rejects.toThrow('too long');
    await fail(2);
    expect(await guard(fine)).toBe('fine');
  });

  it('tries one piece of work at a time after the rest, and rests again if that fails', async () => {
    const { clock, guard, fail } = breaker();
    await fail(3);
    clock.now = 1_000;
    const answer = Promise.withResolvers<string>();
    const probe = guard(() => answer.promise);
    await expect(guard(fine)).rejects.toThrow(BreakerOpen);
    answer.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await expect(probe).rejects.toThrow('refused');
    clock.now = 1_999;
    await expect(guard(fine)).rejects.toThrow(BreakerOpen);
    clock.now = 2_000;
    expect(await guard(fine)).toBe('fine');
  });
});
