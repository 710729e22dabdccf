import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Reference } from './expression/runtime.ts';
import { owned, weigh } from './weigh.ts';

it('weighs texts by their length, and whatever holds something by that and what it holds', () => {
  expect(weigh('x'.repeat(1_000)) - weigh('')).toBe(1_000);
  expect(weigh([1, 2, 3]) - weigh([1, 2])).toBe(weigh(1));
  expect(weigh({ a: 'text' })).toBeGreaterThan(weigh(['text']));
  expect(weigh(Array(100).fill({}))).toBeGreaterThan(100 * 20);
});

it('weighs a reference by itself, whatever it refers to', () => {
  const small = new Reference({ sha256: 'ab12', size: 50 });
  expect(weigh(new Reference({ sha256: 'ab12', size: 50_000_000 }))).toBe(weigh(small));
  expect(weigh([small, small])).toBeGreaterThan(2 * weigh(small));
});

it('owns an equal value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = owned(value);
      expect(copy).toEqual(value);
      expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    }),
  );
  const hostile = JSON.parse('{"__proto__": {"long enough to be a part": "long enough to be a part"}}');
  expect(JSON.stringify(owned(hostile))).toBe(JSON.stringify(hostile));
});

it('owns a reference as it is', () => {
  const reference = new Reference({ sha256: 'ab12', size: 50 });
  expect(owned({ a: [reference] }).a[0]).toBe(reference);
});
