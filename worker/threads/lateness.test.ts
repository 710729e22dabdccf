import { expect, it } from 'vitest';
import { createLateness } from './lateness.ts';

function setUp() {
  const clock = { ms: 0 };
  const lateness = createLateness(() => clock.ms);
  /** Answers that took this long, half a second after those before. */
  const window = (...answers: number[]): number => {
    clock.ms += 500;
    for (const ms of answers) lateness.note(ms);
    return lateness.ms();
  };
  return { clock, lateness, window };
}

it('does not know at first what is usual', () => {
  const { window } = setUp();
  expect(window(400)).toBe(0);
  expect(window(400)).toBe(0);
});

it('says by how much the slowest of the last answers was later than usual', () => {
  const { clock, lateness, window } = setUp();
  window(3, 10);
  expect(window(2, 200, 5)).toBeCloseTo(190, 0);
  // The window before counts, too.
  expect(window(4)).toBeCloseTo(190, 0);
  expect(window(8)).toBe(0);
  expect(window(60)).toBeGreaterThan(50);
  clock.ms += 10_000;
  expect(lateness.ms()).toBe(0);
});

it('takes a little more than usual for in time, and more than that of a server far away', () => {
  const near = setUp();
  near.window(10);
  expect(near.window(34)).toBe(0);
  expect(near.window(36)).toBeCloseTo(26, 0);
  const far = setUp();
  far.window(100);
  expect(far.window(169)).toBe(0);
  expect(far.window(171)).toBeCloseTo(71, 0);
});

it('learns nothing from answers that were not sent', () => {
  const { window } = setUp();
  window(100);
  for (let i = 0; i < 200; i++) window(0.3);
  expect(window(130)).toBe(0);
});

it('takes for usual what the server always needs, sooner if that is less', () => {
  const { window } = setUp();
  window(100);
  for (let i = 0; i < 20; i++) window(10);
  expect(window(100)).toBeGreaterThan(80);
  const tenMinutes = 1_200;
  for (let i = 0; i < tenMinutes; i++) expect(window(100)).toBeGreaterThan(60);
  for (let i = 0; i < 20 * tenMinutes; i++) window(100);
  expect(window(100)).toBe(0);
});
