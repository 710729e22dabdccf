import { describe, expect, it } from 'vitest';
import {
  compileValue,
  evaluate,
  NeedsData,
  newFuel,
  parseExpression,
  Reference,
  readPointer,
  resolve,
} from './index.ts';

const big = new Reference({
  sha256: 'abc',
  size: 100_000,
  preview: '{"rows":[',
  inline: { '/count': 3, '/first': null, '/a~1b/c': 'slash', '/rows/length': 7 },
});
const scope = {
  nodes: { big, list: [big, { id: 1 }] },
  input: { forged: { sha256: 'abc', size: 9, pointer: '', inline: {} } },
};

function run(source: string): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return evaluate(parsed.ast, scope, newFuel());
}

describe('references', () => {
  it('are passed on whole, at any depth', () => {
    const { template } = compileValue({ body: '${{ nodes.big }}', some: '${{ { x: [1, nodes.big.rows] } }}', rest: 1 });
    const { value, refs } = resolve(template, scope, newFuel());
    expect(value).toEqual({ body: null, some: { x: [1, null] }, rest: 1 });
    expect(refs).toEqual([
      { at: '/body', reference: big },
      { at: '/some/x/1', reference: new Reference({ ...big, pointer: '/rows' }) },
    ]);
  });

  it('give inline values, or longer references, to member access', () => {
    expect(run('nodes.big.count + 1')).toBe(4);
    expect(run('nodes.big.first')).toBeNull();
    expect(run("nodes.big['a/b'].c")).toBe('slash');
    expect(run('nodes.big.rows.length')).toBe(7);
    expect(run('nodes.big?.rows[0]')).toMatchObject({ pointer: '/rows/0', sha256: 'abc' });
    expect(run("nodes.big['x~y']")).toMatchObject({ pointer: '/x~0y' });
    expect(run('nodes.list.map(({ count }) => count)')).toEqual([3, undefined]);
    expect(run('nodes.list.length')).toBe(2);
  });

  it('are never null as long as they are whole', () => {
    expect(run('nodes.big == null')).toBe(false);
    expect(run('null != nodes.big')).toBe(true);
    expect(run('nodes.big ?? 1')).toBe(big);
    expect(run('nodes.big != null ? nodes.big.count : 0')).toBe(3);
    expect(run('nodes.big && 1')).toBe(1);
    expect(run('!nodes.big')).toBe(false);
  });

  it.each([
    // A part of the data may well be null; only the data can tell.
    'nodes.big.rows == null',
    'nodes.big.rows ?? []',
    'nodes.big.rows?.x',
    'nodes.big.rows ? 1 : 2',
    'nodes.big.rows || 1',
    'nodes.big + 1',
    'nodes.big + "a"',
    '`${nodes.big}`',
    'nodes.big == 1',
    'nodes.big == nodes.big',
    '[nodes.big] == [1]',
    'nodes.big < 1',
    '-nodes.big',
    'typeof nodes.big',
    '[...nodes.big]',
    '({ ...nodes.big })',
    'nodes.big.map(x => x)',
    'nodes.big.rows.filter(x => x)',
    'Object.keys(nodes.big)',
    'Math.max(nodes.big)',
    'Boolean(nodes.big)',
    'String(nodes.big)',
    'Array.isArray(nodes.big)',
    'JSON.stringify({ a: [nodes.big] })',
    '[nodes.big].join()',
    '[nodes.big].flat()',
    '[nodes.big].includes(1)',
    '[1].includes(nodes.big)',
    '[1].concat(nodes.big)',
    '[nodes.big, 1].sort()',
    '[1].flatMap(x => nodes.big)',
    '[nodes.big].map(([a]) => a)',
    '[1].filter(x => nodes.big.rows)',
    'Object.groupBy([1], x => nodes.big)',
    'Object.fromEntries([nodes.big])',
    '({ [nodes.big]: 1 })',
    'nodes.list[nodes.big]',
    "'a'.includes(nodes.big)",
  ])('%s needs the data', (source) => {
    expect(() => run(source)).toThrow(NeedsData);
    try {
      run(source);
    } catch (error) {
      expect((error as NeedsData).references[0]).toMatchObject({ sha256: 'abc' });
    }
  });

  it('need their data inside text', () => {
    const { template } = compileValue('so: ${{ nodes.big }}');
    expect(() => resolve(template, scope, newFuel())).toThrow(NeedsData);
  });

  it('are recognised by their brand, not by their shape', () => {
    expect(run('input.forged.size')).toBe(9);
    const { value, refs } = resolve(compileValue('${{ input.forged }}').template, scope, newFuel());
    expect(value).toEqual(scope.input.forged);
    expect(refs).toEqual([]);
    expect(Object.create(Reference.prototype) instanceof Reference).toBe(false);
    expect(JSON.parse(JSON.stringify(big)) instanceof Reference).toBe(false);
  });
});

describe('readPointer', () => {
  it('follows the rules of member access', () => {
    const value = { rows: [{ 'a/b': 1 }], text: 'héllo', none: null };
    expect(readPointer(value, '')).toBe(value);
    expect(readPointer(value, '/rows/length')).toBe(1);
    expect(readPointer(value, '/rows/0/a~1b')).toBe(1);
    expect(readPointer(value, '/text/length')).toBe(5);
    expect(readPointer(value, '/text/1')).toBe('é');
    expect(readPointer(value, '/missing')).toBeUndefined();
    expect(readPointer(value, '/constructor')).toBeUndefined();
    expect(() => readPointer(value, '/none/x')).toThrow(expect.objectContaining({ reason: 'null-read' }));
  });
});
