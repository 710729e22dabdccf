import { describe, expect, it } from 'vitest';
import { FUEL_PER_EXPRESSION } from '../../limits.ts';
import { evaluate, library, newFuel, parseExpression, zoneRules } from '../index.ts';
import { constants, functions } from './index.ts';

function run(source: string): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return evaluate(parsed.ast, {}, newFuel(FUEL_PER_EXPRESSION, zoneRules));
}

const entries = library.flatMap((section) =>
  Object.entries(section.entries).map(([name, entry]) => ({ name, section, entry })),
);

describe('the library', () => {
  it.each(entries)('$name does what its documentation shows', ({ entry }) => {
    const [source, result] = entry.example;
    expect(run(source)).toStrictEqual(result);
  });

  it.each(entries)(
    '$name shows a call of itself, within the number of arguments it takes',
    ({ name, section, entry }) => {
      const call = section.on === undefined ? `${name}(` : `.${name}(`;
      expect(entry.signature).toContain(call);
      expect(entry.example[0]).toContain(call);
      expect(entry.summary).toMatch(/[.!]$/);
      expect(entry.takes[0]).toBeLessThanOrEqual(entry.takes[1]);
      if (entry.callback !== undefined) expect(entry.callback).toBeLessThan(entry.takes[1]);
    },
  );

  it('uses the names that JavaScript uses, if JavaScript has the function', () => {
    for (const name of functions.keys()) {
      if (/^(date|duration|base64|hash|regex|extract|format|path)\.|^(empty|unique|titleCase)$/.test(name)) continue;
      const real = name
        .split('.')
        .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], globalThis);
      expect(real, name).toBeTypeOf('function');
    }
    for (const { name, section } of entries) {
      const kinds: Record<string, object> = { text: 'a', list: [], number: 1, boolean: true } as never;
      if (section.on === undefined) continue;
      expect((kinds[section.on] as Record<string, unknown>)[name], name).toBeTypeOf('function');
    }
    for (const [name, value] of Object.entries(constants)) {
      const real = name
        .split('.')
        .reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], globalThis);
      expect(value).toBe(real);
    }
  });

  it('changes no list or object it is given', () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === 'object' && value !== null)
        for (const entry of Object.values(Object.freeze(value))) freeze(entry);
      return value;
    };
    const scope = { input: freeze({ list: [3, 1, [2]], rows: [{ a: 1 }], map: { b: [1] } }) };
    const sources = [
      ...[
        'sort()',
        'reverse()',
        'toSorted((a, b) => 0)',
        'flat()',
        'with(0, 9)',
        'concat([1])',
        'slice(1)',
        'map(x => x)',
      ].map((call) => `input.rows.map(r => r.a).${call}`),
      'input.list.slice(0, 2).sort((a, b) => a - b)',
      'input.list.reverse()',
      'input.list.with(0, 1)',
      'Object.assign(input.map, { b: 2 })',
      'Object.groupBy(input.rows, r => r.a)',
      '[...input.list, 1]',
      '({ ...input.map, c: 1 })',
    ];
    for (const source of sources) {
      const parsed = parseExpression(source);
      if (!parsed.ok) throw new Error(source);
      expect(() => evaluate(parsed.ast, scope, newFuel()), source).not.toThrow();
    }
  });

  it.each([
    ["'a,b,,c'.split(',', 2)", ['a', 'b']],
    ["'abc'.split()", ['abc']],
    ["'aaa'.replaceAll('a', '$&')", '$&$&$&'],
    ["'x'.replace('y', 'z')", 'x'],
    ["''.replaceAll('', '-')", '-'],
    ["'ab'.replaceAll('', '-')", '-a-b-'],
    ["'a long needle in a long haystack'.indexOf('long needle')", 2],
    ["'aaaaaaaaab aaaaaaaaac'.indexOf('aaaaaaaaac')", 11],
    ["'aaaaaaaaab aaaaaaaaac aaaaaaaaab'.lastIndexOf('aaaaaaaaab')", 22],
    ['[3, 20, 100].sort()', [100, 20, 3]],
    ['[2, undefined, 1].sort().length', 3],
    ["[{ k: 1, n: 'a' }, { k: 0, n: 'b' }, { k: 1, n: 'c' }].sort((a, b) => a.k - b.k).map(x => x.n).join('')", 'bac'],
    ['[1, [2, [3, [4]]]].flat(2)', [1, 2, 3, [4]]],
    ['[[1, 2], [3]].map(([first, , ]) => first)', [1, 3]],
    ['[[1, 2, 3]].map(([a, , c]) => a + c)', [4]],
    ['[{ a: { b: 1 } }].map(({ a: c }) => c.b)', [1]],
    ["['10', '10', '10'].map(parseInt)", [10, Number.NaN, 2]],
    ['[1, 2, 3].reduce((a, x) => a + x)', 6],
    ['Math.max()', Number.NEGATIVE_INFINITY],
    ['[NaN].includes(NaN)', true],
    ['[NaN].indexOf(NaN)', -1],
    ['[{ a: [1] }].includes({ a: [1] })', true],
    ['JSON.stringify({ a: undefined, b: [undefined, NaN] }, null, 2)', '{\n  "b": [\n    null,\n    null\n  ]\n}'],
    ["Object.entries('ab' == 'ab' ? { z: 1 } : {})", [['z', 1]]],
    ["Object.keys(['a', 'b'])", ['0', '1']],
    ["date.add('2026-02-28T00:00:00Z', '-1d')", '2026-02-27T00:00:00.000Z'],
    ["date.add('2024-02-29', 1, 'year')", '2025-02-28T00:00:00.000Z'],
    ["date.add('2026-01-31', -2, 'months')", '2025-11-30T00:00:00.000Z'],
    ["date.diff('2026-01-31', '2026-02-28', 'months')", 1],
    ["date.diff('2026-01-31', '2026-02-27', 'months')", 0],
    ["date.diff('2026-03-31', '2026-02-28', 'months')", -1],
    ["date.diff('2024-05-01', '2026-04-30', 'years')", 1],
    ["date.startOf('2026-08-18T10:00:00Z', 'quarter')", '2026-07-01T00:00:00.000Z'],
    ["date.startOf('2026-08-18T10:59:59Z', 'hour')", '2026-08-18T10:00:00.000Z'],
    ["date.get('2024-12-31', 'dayOfYear')", 366],
    [
      "date.format('2026-02-18T00:05:09.007Z', '[at] h:mm:ss.SSS A, dddd YY/M/D')",
      'at 12:05:09.007 AM, Wednesday 26/2/18',
    ],
    ["Number.isNaN(Date.parse('yesterday'))", true],
    ["Date.parse('2026-01-31T12:00:00')", Date.UTC(2026, 0, 31, 12)],
    ["duration.ms('-90s')", -90_000],
    ["base64.decode('_-8_')", undefined],
  ])('%s', (source, result) => {
    if (result === undefined) expect(() => run(source)).toThrow(/UTF-8/);
    else expect(run(source)).toStrictEqual(result);
  });

  it.each([
    ["'x'.repeat(-1)", 'argument'],
    ["'x'.repeat(1 / 0)", 'argument'],
    ['(1).toFixed(101)', 'argument'],
    ['(1).toString(1)', 'argument'],
    ['[].reduce((a, b) => a)', 'argument'],
    ['[1].with(1, 0)', 'argument'],
    ["JSON.parse('{')", 'argument'],
    ['JSON.parse(\'{"id":9007199254740993}\')', 'argument'],
    ["JSON.parse('[1e400]')", 'argument'],
    ["JSON.stringify(1, ['a'])", 'argument'],
    ["decodeURIComponent('%')", 'argument'],
    ["base64.decode('a')", 'argument'],
    ["['2026-02-30'].map(day => date.add(day, '1d'))", 'argument'],
    ["date.add('2026-01-01', '1 day')", 'argument'],
    ["['fortnight'].map(unit => date.add('2026-01-01', 1, unit))", 'argument'],
    ["date.add('2026-01-01', 1e12, 'days')", 'argument'],
    ["['constructor'].map(part => date.get('2026-01-01', part))", 'argument'],
    ["['constructor'].map(unit => date.add('2026-01-01', 1, unit))", 'argument'],
    ['Math.max([1, 2])', 'type'],
    ['Object.fromEntries([1])', 'type'],
    ["Object.keys('abc')", 'type'],
    ['Array.from({ length: -1 })', 'type'],
    ["'a'.map(x => x)", 'type'],
    ['({}).toString()', 'type'],
    ['[1].trim()', 'type'],
    ['String([1])', 'type'],
    ['[[1]].join()', 'type'],
    ['[1].map(([a]) => a)', 'type'],
  ])('%s fails with %s', (source, reason) => {
    expect(() => run(source)).toThrow(expect.objectContaining({ code: 'expression', reason }));
  });
});
