import { describe, expect, it } from 'vitest';
import { giveBack, join, type Pacing, pause, reserve, type Turns, UNUSED } from './pacing.ts';

/** A turn each 20 ms. */
const RATE = { limit: 50, perMs: 1_000, burst: 1 };
const NOW = 1_000_000;

/** Times of the turns that are given when somebody asks for `most` each `everyMs`. */
function timesOf(rate: typeof RATE, { forMs, everyMs, most }: { forMs: number; everyMs: number; most: number }) {
  const times: number[] = [];
  let state: Pacing = UNUSED;
  for (let now = NOW; now < NOW + forMs; now += everyMs) {
    const [next, { count, inMs, gapMs }] = reserve(most)(state, rate, now);
    state = next;
    for (let turn = 0; turn < count; turn++) times.push(Math.max(now, now + inMs + turn * gapMs));
  }
  return times;
}

describe('turns of a bucket', () => {
  it.each([1, 3, 1_000])('come evenly, at the whole rate, if %d are asked for at a time', (most) => {
    const times = timesOf(RATE, { forMs: 2_000, everyMs: 5, most });
    expect(times[0]).toBe(NOW);
    for (const [index, time] of times.entries()) expect(time - NOW).toBeCloseTo(index * 20, 6);
    expect(times.length).toBeGreaterThanOrEqual(100);
  });

  it('come as a burst after a quiet time, and then evenly', () => {
    const times = timesOf({ ...RATE, burst: 5 }, { forMs: 200, everyMs: 1, most: 100 });
    expect(times.filter((time) => time === NOW)).toHaveLength(5);
    expect(times[5]! - NOW).toBeCloseTo(20, 6);
  });

  it('are kept for nobody further ahead than a moment', () => {
    const [state, { count }] = reserve(1_000)(UNUSED, RATE, NOW);
    expect(count).toBe(6);
    const [same, none] = reserve(1_000)(state, RATE, NOW);
    expect(none).toMatchObject({ count: 0, inMs: 120 });
    expect(same).toBe(state);
  });
});

describe('those who wait elsewhere', () => {
  it('are told one turn after the other', () => {
    const [state, first] = join(3)(UNUSED, RATE, NOW);
    expect(first).toMatchObject({ inMs: 0, gapMs: 20 });
    expect(join(1)(state, RATE, NOW)[1]).toMatchObject({ inMs: 60 });
    expect(join(1)(state, RATE, NOW + 30)[1]).toMatchObject({ inMs: 30 });
  });

  it('stand behind what was given already', () => {
    const [state] = reserve(6)(UNUSED, RATE, NOW);
    expect(join(1)(state, RATE, NOW)[1].inMs).toBe(120);
  });

  it('are forgotten if none of them comes back, so that newcomers do not wait behind nobody', () => {
    const [state] = join(1_000)(UNUSED, RATE, NOW);
    expect(join(1)(state, RATE, NOW + 2_000)[1].inMs).toBe(18_000);
    expect(join(1)(state, RATE, NOW + 4_000)[1].inMs).toBe(0);
    const [taken] = reserve(1)(state, RATE, NOW + 2_000);
    expect(join(1)(taken, RATE, NOW + 4_000)[1].inMs).toBe(16_000);
  });
});

describe('a turn that is given back', () => {
  it('is there for the next one', () => {
    const [joined] = join(1)(UNUSED, RATE, NOW);
    const [taken] = reserve(1)(joined, RATE, NOW);
    const [back] = giveBack(1)(taken, RATE, NOW + 2);
    expect(reserve(1)(back, RATE, NOW + 2)[1]).toMatchObject({ count: 1, inMs: 0 });
    expect(reserve(1)(taken, RATE, NOW + 2)[1].inMs).toBe(18);
  });

  it('makes no pause shorter', () => {
    const slow = { limit: 1, perMs: 60_000, burst: 1 };
    const [taken] = reserve(1)(UNUSED, slow, NOW);
    const [paused] = pause(90_000)(taken, slow, NOW + 5);
    const [back] = giveBack(10)(paused, slow, NOW + 10);
    expect(reserve(1)(back, slow, NOW + 10)[1]).toMatchObject({ count: 0, inMs: 89_995 });
  });

  it('lets no more calls through than the rate allows', () => {
    let state: Pacing = UNUSED;
    let used = 0;
    for (let now = NOW; now < NOW + 2_000; now += 5) {
      const [next, { count }] = reserve(2)(state, RATE, now);
      state = next;
      for (let turn = 0; turn < count; turn++) {
        if ((now + turn) % 2 === 0) used++;
        else [state] = giveBack(0)(state, RATE, now);
      }
    }
    expect(used).toBeLessThanOrEqual(2_000 / 20 + 6);
    expect(used).toBeGreaterThan(60);
  });
});

describe('a pause', () => {
  const told = (change: ReturnType<typeof reserve>, state: Pacing, rate = RATE): Turns => change(state, rate, NOW)[1];

  it('holds up everybody, also a burst, and ends in even turns', () => {
    for (const burst of [1, 10]) {
      const rate = { ...RATE, burst };
      const [state] = pause(5_000)(UNUSED, rate, NOW);
      expect(told(reserve(100), state, rate)).toMatchObject({ count: 0, inMs: 5_000 });
      expect(told(join(1), state, rate).inMs).toBe(5_000);
      expect(reserve(100)(state, rate, NOW + 5_000)[1].count).toBe(6);
    }
  });

  it('is not shortened by a shorter one', () => {
    const [state] = pause(5_000)(UNUSED, RATE, NOW);
    expect(pause(1_000)(state, RATE, NOW)[0]).toBe(state);
  });
});
