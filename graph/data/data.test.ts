import { describe, expect, it } from 'vitest';
import { compileValue, NeedsData, newFuel, Reference } from '../expression/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { DataError, dataInput, dataNodeTypes, runData } from './index.ts';

const people = [
  {
    id: 1,
    name: 'Bo',
    age: 40,
    country: 'SE',
    orders: [
      { id: 'x', total: 5 },
      { id: 'y', total: 7 },
    ],
  },
  { id: 2, name: 'Al', age: 17, country: 'NO', orders: [] },
  { id: 3, name: 'Cy', age: null, country: 'SE', orders: [{ id: 'x', total: 1 }] },
  { id: 4, name: 'Di', age: 40, country: 'SE' },
];
const scope = { input: { people, words: ['b', 'a', 'b'], min: 18 } };

function run(uses: string, params: JsonObject, given: Record<string, unknown> = scope): unknown {
  const { template, problems } = compileValue(params);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  return runData(uses, template, given, newFuel(2_000_000));
}

const ids = (value: unknown) => (value as { id: number }[]).map(({ id }) => id);
const items = '${{ input.people }}';

describe('set and log', () => {
  it('give the value, and null', () => {
    expect(run('set', { value: { n: '${{ input.min + 1 }}', gone: '${{ input.none }}' } })).toEqual({ n: 19 });
    expect(run('set', {})).toBeNull();
    expect(run('log', { message: 'n ${{ input.min }}', level: 'warn', data: '${{ input.words }}' })).toBeNull();
    expect(() => run('log', { message: 'x', level: 'loud' })).toThrow(DataError);
  });

  it('pass references on', () => {
    const big = new Reference({ sha256: 'a', size: 99_999 });
    expect(run('set', { value: { x: '${{ nodes.big }}' } }, { nodes: { big } })).toEqual({ x: big });
  });
});

describe('filter and limit', () => {
  it('keep what the test says', () => {
    expect(ids(run('filter', { items, test: '${{ item.age >= input.min }}' }))).toEqual([1, 4]);
    expect(ids(run('filter', { items, test: '${{ index % 2 == 0 ? true : null }}' }))).toEqual([1, 3]);
    expect(() => run('filter', { items, test: '${{ item.age }}' })).toThrow(/with.test: A condition must be true/);
    expect(() => run('filter', { items, test: '${{ item.age.x.y }}' })).toThrow(/with.test: Cannot read "y"/);
  });

  it('keep one end', () => {
    expect(ids(run('limit', { items, count: 2 }))).toEqual([1, 2]);
    expect(ids(run('limit', { items, count: 1, from: 'end' }))).toEqual([4]);
    expect(run('limit', { items, count: 0, from: 'end' })).toEqual([]);
    expect(() => run('limit', { items, count: '${{ -1 }}' })).toThrow(
      'with.count must be a whole number of 0 or more, not -1.',
    );
  });
});

describe('sort', () => {
  it('is stable, by several keys, null last either way', () => {
    expect(ids(run('sort', { items, by: [{ key: '${{ item.age }}', order: 'desc' }] }))).toEqual([1, 4, 2, 3]);
    expect(ids(run('sort', { items, by: [{ key: '${{ item.age }}' }] }))).toEqual([2, 1, 4, 3]);
    const by: Json = [{ key: '${{ item.country }}' }, { key: '${{ item.name }}', order: 'desc' }];
    expect(ids(run('sort', { items, by }))).toEqual([2, 4, 3, 1]);
  });

  it('orders false, true, numbers, texts, and refuses lists', () => {
    expect(run('sort', { items: ['b', 10, true, null, 9, 'B', false] })).toEqual([false, true, 9, 10, 'B', 'b', null]);
    expect(() => run('sort', { items: [[1], [2]] })).toThrow(
      'A sort key must be a number, a text, true, false or null, not a list.',
    );
  });

  it('refuses a constant key, which would sort nothing', () => {
    expect(() => run('sort', { items, by: [{ key: 'age' }] })).toThrow(
      /with.by\[0\].key is read for each element, but is constant/,
    );
  });

  it('leaves its input as it is', () => {
    const list = Object.freeze([2, 1]);
    expect(run('sort', { items: '${{ input.list }}' }, { input: { list } })).toEqual([1, 2]);
  });
});

describe('removeDuplicates', () => {
  it('keeps the first of equals, by content', () => {
    expect(run('removeDuplicates', { items: '${{ input.words }}' })).toEqual(['b', 'a']);
    expect(
      run('removeDuplicates', { items: [{ a: 1, b: [2] }, { b: [2], a: 1 }, { a: '1', b: [2] }, 1, '1', null] }),
    ).toHaveLength(5);
    expect(ids(run('removeDuplicates', { items, by: '${{ item.country }}' }))).toEqual([1, 2]);
  });
});

describe('splitOut', () => {
  it('gives the entries, alone or with fields of their element', () => {
    expect(run('splitOut', { items, field: 'orders' })).toEqual([
      { id: 'x', total: 5 },
      { id: 'y', total: 7 },
      { id: 'x', total: 1 },
    ]);
    expect(run('splitOut', { items, field: 'orders', include: ['name', 'none'] })).toEqual([
      { name: 'Bo', orders: { id: 'x', total: 5 } },
      { name: 'Bo', orders: { id: 'y', total: 7 } },
      { name: 'Cy', orders: { id: 'x', total: 1 } },
    ]);
    const all = run('splitOut', { items: [{ a: 1, list: [2] }], field: 'list', include: 'all' });
    expect(all).toEqual([{ a: 1, list: 2 }]);
    expect(() => run('splitOut', { items, field: 'name' })).toThrow(
      'name of with.items[0] must be a list, not a text.',
    );
    expect(() => run('splitOut', { items: [null], field: 'name' })).toThrow(DataError);
  });
});

describe('aggregate', () => {
  const fields = {
    people: { op: 'count' },
    ages: { op: 'count', of: '${{ item.age }}' },
    total: { op: 'sum', of: '${{ item.age }}' },
    mean: { op: 'avg', of: '${{ item.age }}' },
    least: { op: 'min', of: '${{ item.age }}' },
    most: { op: 'max', of: '${{ item.name }}' },
    first: { op: 'first', of: '${{ item.name }}' },
    last: { op: 'last', of: '${{ item.age }}' },
    names: { op: 'list', of: '${{ item.name }}' },
    countries: { op: 'unique', of: '${{ item.country }}' },
  };

  it('makes one object of all', () => {
    expect(run('aggregate', { items, fields })).toEqual({
      people: 4,
      ages: 3,
      total: 97,
      mean: 97 / 3,
      least: 17,
      most: 'Di',
      first: 'Bo',
      last: 40,
      names: ['Bo', 'Al', 'Cy', 'Di'],
      countries: ['SE', 'NO'],
    });
    expect(run('aggregate', { items: [], fields: { n: { op: 'count' }, a: { op: 'avg' }, m: { op: 'max' } } })).toEqual(
      { n: 0, a: null, m: null },
    );
  });

  it('makes one object of each group, in order of appearance', () => {
    const groups = run('aggregate', {
      items,
      groupBy: { country: '${{ item.country }}' },
      fields: { n: { op: 'count' } },
    });
    expect(groups).toEqual([
      { country: 'SE', n: 3 },
      { country: 'NO', n: 1 },
    ]);
  });

  it('refuses values it cannot add, and unknown operations', () => {
    expect(() => run('aggregate', { items, fields: { x: { op: 'sum', of: '${{ item.name }}' } } })).toThrow(
      'with.fields.x needs numbers, not a text.',
    );
    expect(() => run('aggregate', { items, fields: { x: { op: 'constructor' } } })).toThrow(DataError);
    expect(() => run('aggregate', { items, fields: { x: { op: 'sum', of: 'age' } } })).toThrow(/constant/);
    const huge = { items: [1e308, 1e308], fields: { x: { op: 'avg', of: '${{ item }}' } } };
    expect(() => run('aggregate', huge)).toThrow('with.fields.x is too large for a number.');
  });
});

it('treats a null parameter as a missing one', () => {
  const none = { items: [2, 1], by: [{ key: '${{ item }}', order: '${{ null }}' }] };
  expect(run('sort', none)).toEqual([1, 2]);
  expect(run('sort', { items: [2, 1], by: null })).toEqual([1, 2]);
  expect(run('removeDuplicates', { items: [1, 1], by: null })).toEqual([1]);
});

describe('merge', () => {
  const lists: Json[][] = [
    [
      { k: 1, a: 'x' },
      { k: 2, a: 'y' },
      { k: null, a: 'z' },
    ],
    [
      { k: 1, b: 'p' },
      { k: 1, b: 'q' },
      { k: 3, a: 'w' },
    ],
  ];
  const key = '${{ item.k }}';

  it('appends', () => {
    expect(run('merge', { mode: 'append', lists })).toEqual(lists.flat());
  });

  it('joins by position', () => {
    const two = [[{ a: 1 }, { a: 2 }], [{ a: 9, b: 1 }]];
    expect(run('merge', { mode: 'position', lists: two })).toEqual([{ a: 9, b: 1 }]);
    expect(run('merge', { mode: 'position', lists: two, keep: 'first' })).toEqual([{ a: 9, b: 1 }, { a: 2 }]);
    expect(run('merge', { mode: 'position', lists: [...two].reverse(), keep: 'all' })).toEqual([
      { a: 1, b: 1 },
      { a: 2 },
    ]);
  });

  it('joins by key as SQL does: inner, left, outer; null never matches', () => {
    const pairs = [
      { k: 1, a: 'x', b: 'p' },
      { k: 1, a: 'x', b: 'q' },
    ];
    const rest = [
      { k: 2, a: 'y' },
      { k: null, a: 'z' },
    ];
    expect(run('merge', { mode: 'key', lists, key })).toEqual(pairs);
    expect(run('merge', { mode: 'key', lists, key, keep: 'first' })).toEqual([...pairs, ...rest]);
    expect(run('merge', { mode: 'key', lists, key, keep: 'all' })).toEqual([...pairs, ...rest, { k: 3, a: 'w' }]);
  });

  it('takes one key per list', () => {
    const emails = [[{ email: 'a' }], [{ mail: 'a', n: 1 }]];
    const both = { mode: 'key', lists: emails, key: ['${{ item.email }}', '${{ item.mail }}'] };
    expect(run('merge', both)).toEqual([{ email: 'a', mail: 'a', n: 1 }]);
    expect(() => run('merge', { ...both, key: ['${{ item.email }}'] })).toThrow('with.key lists 1 keys for 2 lists');
    expect(() => run('merge', { ...both, key: 'email' })).toThrow(/constant/);
    expect(() => run('merge', { mode: 'key', lists: emails })).toThrow('with.key is missing');
    expect(() => run('merge', { mode: 'key', lists: [[1]], key })).toThrow(
      'merge joins objects, but element 0 is a number.',
    );
  });

  it('stops a join that explodes', () => {
    const same = Array.from({ length: 2000 }, (_, n) => ({ k: 1, n }));
    expect(() =>
      run('merge', { mode: 'key', lists: ['${{ input.a }}', '${{ input.a }}'], key }, { input: { a: same } }),
    ).toThrow(expect.objectContaining({ code: 'expression' }));
  });
});

describe('every data node', () => {
  it.each(Object.keys(dataNodeTypes).filter((type) => 'items' in (dataNodeTypes[type]?.params ?? {})))(
    '%s refuses items that are no list, and asks for data held by reference',
    (type) => {
      const params = { items: '${{ input.x }}', test: true, count: 1, field: 'a', fields: {} };
      expect(() => run(type, params, { input: { x: 'text' } })).toThrow('with.items must be a list, not a text.');
      expect(() => run(type, params, { input: { x: new Reference({ sha256: 'a', size: 99 }) } })).toThrow(NeedsData);
    },
  );

  it('is found only by its own name', () => {
    expect(() => run('constructor', {})).toThrow('There is no data node "constructor".');
  });

  it('keeps a field called __proto__ a field', () => {
    const row = JSON.parse('{"__proto__":{"polluted":1},"k":1}');
    const merged = run(
      'merge',
      { mode: 'key', lists: ['${{ input.a }}', '${{ input.a }}'], key: '${{ item.k }}' },
      { input: { a: [row] } },
    );
    expect(JSON.stringify(merged)).toBe('[{"__proto__":{"polluted":1},"k":1}]');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('dataInput', () => {
  it('shows the parameters that are read once', () => {
    const { template } = compileValue({ items: '${{ input.words }}', test: '${{ item.x }}' });
    expect(dataInput('filter', template, scope, newFuel())).toEqual({ items: ['b', 'a', 'b'] });
    expect(dataInput('log', compileValue({ message: 'n ${{ input.min }}' }).template, scope, newFuel())).toEqual({
      message: 'n 18',
    });
  });
});
