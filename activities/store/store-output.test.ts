import { expect, it } from 'vitest';
import { requireHandy } from './store-output.ts';

const nested = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { value };
  return value;
};

it('refuses an output that is nested so deeply that walking through it takes too much stack', () => {
  for (const value of [null, 'text', new Uint8Array(3), nested(1_000)]) expect(() => requireHandy(value)).not.toThrow();
  for (const levels of [1_001, 300_000]) {
    expect(() => requireHandy(nested(levels))).toThrow(
      expect.objectContaining({ code: 'output.tooDeep', retryable: false, unknown: false }),
    );
  }
});

it('refuses an output of more values than can be worked with', () => {
  const tooLarge = expect.objectContaining({ code: 'output.tooLarge', retryable: false, unknown: false });
  expect(() => requireHandy(Array.from({ length: 450_000 }, () => ({})))).not.toThrow();
  expect(() => requireHandy(Array.from({ length: 480_000 }, () => ({})))).toThrow(tooLarge);
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
  expect(() => requireHandy(fields(120_000))).not.toThrow();
  expect(() => requireHandy(fields(130_000))).toThrow(tooLarge);
  expect(() => requireHandy(fields(130_000), { unknown: true })).toThrow(expect.objectContaining({ unknown: true }));
});
