import { describe, expect, it } from 'vitest';
import { compileValue, ExpressionError, evaluate, newFuel, parseExpression, resolve } from './index.ts';

const scope = () => ({
  input: JSON.parse(
    '{"s":"text","n":1,"b":true,"list":[1],"o":{"a":1},"own":{"__proto__":{"admin":true},"constructor":"mine"}}',
  ),
});

function run(source: string, given: Record<string, unknown> = scope()): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new ExpressionError('type', `refused: ${parsed.problem.message}`);
  return evaluate(parsed.ast, given, newFuel());
}

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'call',
  'at',
  'map',
];
const VALUES = ['input', 'input.s', 'input.n', 'input.b', 'input.list', 'input.o', "'x'", '[]', '({})', '(1)'];

describe('prototypes and host objects', () => {
  it.each(NAMES)('%s is a missing property of every value', (name) => {
    for (const value of VALUES) {
      expect(run(`${value}.${name}`), value).toBeUndefined();
      expect(run(`${value}['${name}']`), value).toBeUndefined();
      expect(run(`${value}['${name.slice(0, 2)}' + '${name.slice(2)}']`), value).toBeUndefined();
      expect(run(`[${value}].map(({ ${name}: found }) => found)[0]`), value).toBeUndefined();
      expect(run(`Object.hasOwn(${value === 'input' ? value : 'input.o'}, '${name}')`)).toBe(false);
    }
  });

  it('reads a property of that name if the data has its own', () => {
    expect(run('input.own.constructor')).toBe('mine');
    expect(run('input.own.__proto__.admin')).toBe(true);
    expect(run('({ ...input.own }).admin')).toBeUndefined();
  });

  it('never changes a prototype, whatever a property is called', () => {
    const sources = [
      '({ __proto__: { polluted: 1 } })',
      "({ ['__proto__']: { polluted: 1 } })",
      '({ ...input.own })',
      "Object.fromEntries([['__proto__', { polluted: 1 }]])",
      'Object.assign({}, input.own)',
      "Object.groupBy([1], x => '__proto__')",
      'JSON.parse(\'{"__proto__":{"polluted":1}}\')',
    ];
    for (const source of sources) {
      const value = run(source) as object;
      expect(Object.getPrototypeOf(value), source).toBe(Object.prototype);
      expect(Object.keys(value), source).toContain('__proto__');
      expect((value as { polluted?: unknown }).polluted, source).toBeUndefined();
    }
    const { template } = compileValue(JSON.parse('{"__proto__":{"polluted":"${{ 1 }}"}}'));
    const { value } = resolve(template, scope(), newFuel());
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  it('works where the prototypes are frozen, as in the workflow sandbox', () => {
    const sources = ['({ toString: 1, constructor: 2 })', "Object.fromEntries([['valueOf', 1]])", '({ ...input.own })'];
    const define = Object.getOwnPropertyDescriptor(Object.prototype, 'valueOf') as PropertyDescriptor;
    for (const name of ['toString', 'constructor', 'valueOf'])
      Object.defineProperty(Object.prototype, name, { writable: false });
    try {
      expect(sources.map((source) => Object.keys(run(source) as object))).toEqual([
        ['toString', 'constructor'],
        ['valueOf'],
        ['__proto__', 'constructor'],
      ]);
    } finally {
      for (const name of ['toString', 'constructor', 'valueOf']) {
        Object.defineProperty(Object.prototype, name, { writable: define.writable as boolean });
      }
    }
  });

  it.each([
    "input.constructor.constructor('return process')()",
    "''['constructor']['constructor']('return this')()",
    "[].map.constructor('return 1')()",
    "(x => x).constructor('return 1')()",
    "[1].map(x => x).constructor.from('x')",
    "Math.constructor('return 1')()",
    "Math['max'](1, 2)",
    'Object.getPrototypeOf(input)',
    'Object.defineProperty(input, "a", {})',
    'Object.create(null)',
    'Function("return 1")()',
    'eval("1")',
    'globalThis.process',
    'process.exit()',
    "import('fs')",
    'import.meta',
    'this',
    'new Date()',
    'Date.now()',
    'Math.random()',
    'require("fs")',
    'input.n = 1',
    'input.n++',
    'delete input.n',
    'void 0',
    '(1, 2)',
    'async () => 1',
    'function () {}',
    'class {}',
    '`a`.raw`b`',
    '/a+/.test(input.s)',
    '1n',
    'new.target',
    'input?.list.map?.(x => x)',
    "'a' in input",
    'input instanceof Object',
    '1 << 31',
    '[x => x]',
    '({ f() { return 1 } })',
    '({ get a() { return 1 } })',
    'input.list.map(x => { return x })',
    'input.list.map((x = 1) => x)',
    'input.list.map((...x) => x)',
    'input.list.map(async x => x)',
    'input.list.map(function (x) { return x })',
    'input.list.map(({ a: { b } }) => b)',
    'input.list.map(input.o)',
    'input.list.map(...[x => x])',
    'input.list[`map`](x => x)',
    'input /* comment */',
    'input // comment',
    'input <!-- comment',
    'yield 1',
    'await 1',
    'super.x',
    '#x in input',
    'let',
    '010',
    'input;',
    '{ a: 1 }; 2',
  ])('refuses %s when it is parsed', (source) => {
    expect(parseExpression(source)).toMatchObject({ ok: false });
  });

  it('does not see functions, getters of prototypes or names a scope inherits', () => {
    class Host {
      get secret() {
        return 'leak';
      }
    }
    const inherited = Object.create({ vars: { secret: 'leak' } });
    expect(run('input.secret', { input: new Host() })).toBeUndefined();
    expect(() => run('vars.secret', inherited)).toThrow(ExpressionError);
    expect(run('input.f.constructor', { input: { f: () => 1 } })).toBeUndefined();
  });

  it('never evaluates what it substitutes', () => {
    const { template } = compileValue({ a: '${{ input.s }}', b: 'x ${{ input.s }}' });
    const { value } = resolve(template, { input: { s: '${{ input.secret }}', secret: 'leak' } }, newFuel());
    expect(value).toEqual({ a: '${{ input.secret }}', b: 'x ${{ input.secret }}' });
  });
});
