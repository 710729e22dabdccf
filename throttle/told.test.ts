import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBus } from '../bus/index.ts';
import { openThrottle, type Rate, type Throttle } from './index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const RATE: Rate = { limit: 100, perMs: 1_000, burst: 200 };

/** Throttles of several processes on one bus. */
function processes(count: number): Throttle[] {
  const bus = createBus();
  return Array.from({ length: count }, () => openThrottle({ redis: undefined, bus }));
}
const takes = async (throttle: Throttle, count: number, key = 'k') => {
  const verdicts = await Promise.all(Array.from({ length: count }, () => throttle.take(key, RATE)));
  return verdicts.filter(({ allowed }) => allowed).length;
};

describe('processes that tell each other what they have taken', () => {
  it('share a rate, and one alone has all of it', async () => {
    const [one, two] = processes(2) as [Throttle, Throttle];
    expect(await takes(one, 150)).toBe(150);
    await vi.advanceTimersByTimeAsync(60);
    expect(await takes(two, 500)).toBeLessThanOrEqual(56);
    const [alone] = processes(1) as [Throttle];
    expect(await takes(alone, 500)).toBe(200);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await takes(alone, 500)).toBe(100);
  });

  it('pay off in the long run what they took at the same time, so that a flood at all of them gets the rate', async () => {
    const all = processes(4);
    let allowed = 0;
    for (let ms = 0; ms < 20_000; ms += 10) {
      for (const each of all) allowed += await takes(each, 5);
      await vi.advanceTimersByTimeAsync(10);
    }
    // At the beginning each takes the burst.
    expect(allowed).toBeLessThanOrEqual(4 * 200 + 20 * 100);
    expect(allowed).toBeGreaterThan(1_900);
  });

  it('do not tell keys, which may be secret', async () => {
    const bus = createBus();
    const told: string[] = [];
    bus.subscribe('throttle', (hint) => told.push(hint));
    const throttle = openThrottle({ redis: undefined, bus });
    for (let n = 0; n < 200; n++) await throttle.take(`hook/secret-${n}`, RATE);
    await vi.advanceTimersByTimeAsync(60);
    expect(told.join()).toMatch(/\[\[/);
    expect(told.join()).not.toContain('secret');
  });

  it.each(['', '1', '{}', '["x"]', '["x",[1]]', '["x",[["k","y"]]]', 'null'])(
    'do not mind what is not theirs: %s',
    async (hint) => {
      const bus = createBus();
      const throttle = openThrottle({ redis: undefined, bus });
      bus.publish('throttle', hint);
      expect(await takes(throttle, 300)).toBe(200);
    },
  );
});
