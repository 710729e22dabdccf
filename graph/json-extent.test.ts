import fc from 'fast-check';
import { expect, it } from 'vitest';
import { excessOf, jsonExtent } from './json-extent.ts';

const unitsOf = (text: string) => jsonExtent(text).units;

it('counts values, field names, lists and objects, and nothing within texts', () => {
  expect([unitsOf('1'), unitsOf('"[{,:\\"[{,:"'), unitsOf('"\\\\"')]).toEqual([1, 1, 1]);
  expect([unitsOf('[1,2,3]'), unitsOf('{"a":1}'), unitsOf('[{},{},{}]')]).toEqual([12, 20, 63]);
  const records = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, name: `a, b: ${id}` })));
  // An object with two names and two values, and its place in the list.
  expect(unitsOf(records)).toBe(1 + 8 + 100 * (16 + 2 * 3 + 1));
});

it('counts fields of an object as more, once there are so many that they take more', () => {
  const object = (fields: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, n) => [n, n])));
  expect(unitsOf(object(1_000))).toBe(3_017);
  expect(unitsOf(object(1_100))).toBe(3_317 + 100 * 60);
  expect(unitsOf(`[${object(1_000)},${object(1_000)}]`)).toBeLessThan(7_000);
});

it('counts how deep lists and objects are nested', () => {
  expect(
    ['1', '[]', '[{"a":[1]},[]]', `${'['.repeat(9)}${']'.repeat(9)}`].map((text) => jsonExtent(text).depth),
  ).toEqual([0, 1, 3, 9]);
});

it('ends for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ':', ',', 'a') }), (text) => {
      expect(jsonExtent(text).units).toBeLessThanOrEqual(1 + 20 * text.length);
    }),
  );
});

it('finds that a value holds too much where its text does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      const { depth, units } = jsonExtent(JSON.stringify(value));
      const most = { levels: 1_000, units: 2 * units };
      expect(excessOf(value, most)).toBeNull();
      if (depth > 0) expect(excessOf(value, { ...most, levels: depth - 1 })).toBe('levels');
      expect(excessOf(value, { levels: 1_000, units: Math.floor(units / 2) - 1 })).toBe('units');
      // What was let in by its text is let on as a value.
      expect(excessOf(value, { levels: 1_000, units })).toBeNull();
    }),
  );
});

it('walks through no more than is allowed', () => {
  const endless: unknown[] = [];
  for (let n = 0; n < 10; n++) endless.push(endless);
  expect(excessOf(endless, { levels: 1_000_000, units: 5_000 })).toBe('units');
});
