import { expect, it } from 'vitest';
import { storeClock } from './store-clock.ts';

it('knows better than a slow answer when the store gave it', () => {
  let now = 0;
  const clock = storeClock(() => now);
  now = 12;
  expect(clock.here(1_005, 0)).toBe(12);
  now = 102;
  expect(clock.here(1_101, 100)).toBe(102);
  // Under way for 80 ms: the store answered at 205, and not at 280.
  now = 280;
  expect(clock.here(1_204, 200)).toBe(205);
});

it('follows a clock that was set', () => {
  let now = 10;
  const clock = storeClock(() => now);
  expect(clock.here(5_000, 0)).toBe(10);
  for (const set of [-3_000, 9_000]) {
    now += 100;
    expect(clock.here(now + set, now - 10)).toBeGreaterThanOrEqual(now - 10);
    expect(clock.here(now + set, now - 10)).toBeLessThanOrEqual(now);
  }
});
