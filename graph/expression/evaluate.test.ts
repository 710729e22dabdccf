import { describe, expect, it } from 'vitest';
import { asCondition, ExpressionError, evaluate, newFuel, parseExpression } from './index.ts';

const scope = {
  input: { n: 2, list: [1, 2], name: 'Ada', nothing: null, nested: { a: { b: null } } },
  nodes: { price: { usd: 3 }, skipped: null },
};

function run(source: string, given: Record<string, unknown> = scope): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(`${parsed.problem.code}: ${parsed.problem.message}`);
  return evaluate(parsed.ast, given, newFuel());
}

function failure(source: string): ExpressionError {
  try {
    run(source);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${source} did not fail`);
}

describe('evaluate', () => {
  it.each([
    ["1 == '1'", false],
    ['null == undefined', true],
    ['null === undefined', false],
    ["0 == ''", false],
    ['[1, { a: null }] == [1, { a: null }]', true],
    ['[1] == [1, 2]', false],
    ['({ a: 1, b: 2 }) === ({ b: 2, a: 1 })', true],
    ['({ a: undefined }) == ({ b: undefined })', false],
    ['[] == ({})', false],
    ['null == []', false],
  ])('%s is %s: equality never converts, and is by content', (source, result) => {
    expect(run(source)).toBe(result);
  });

  it('refuses to turn lists and objects into text or numbers', () => {
    for (const source of ["'a' + [1]", '`${input}`', '[1] * 2', '-({})', '[2] > 1', '({})[[1]]']) {
      expect(failure(source).reason, source).toBe('type');
    }
  });

  it('reads missing properties as undefined, and fails on a property of null', () => {
    expect(run('input.missing')).toBeUndefined();
    expect(run('input.list[9]')).toBeUndefined();
    expect(run("input.name['n']")).toBeUndefined();
    expect(run('input.n.m')).toBeUndefined();
    expect(run('nodes.skipped?.usd.cents')).toBeUndefined();
    const error = failure('nodes.skipped.usd');
    expect(error).toMatchObject({ code: 'expression', reason: 'null-read', position: 0 });
    expect(error.message).toBe(
      'Cannot read "usd" of null: nodes.skipped is null. If that may happen, write nodes.skipped?.',
    );
    expect(failure('1 + input.missing.trim()')).toMatchObject({ reason: 'null-read', position: 4 });
    expect(failure('(nodes.skipped?.a).b').reason).toBe('null-read');
    expect(failure('[...input.nothing]').reason).toBe('null-read');
    expect(failure('input.list.map(({ a }) => 1).concat(input.nested.a.b.c)').message).toContain(
      'input.nested.a.b is null',
    );
  });

  it('lists the names in scope if a name is unknown', () => {
    expect(failure('item.id')).toMatchObject({
      reason: 'unknown-name',
      message: expect.stringContaining('input, nodes'),
    });
  });

  it('lets a parameter shadow a name, and inner functions see outer parameters', () => {
    expect(run('input.list.map(input => input * 2)')).toEqual([2, 4]);
    expect(run('input.list.map(a => input.list.map(b => a * 10 + b))')).toEqual([
      [11, 12],
      [21, 22],
    ]);
    expect(run('input.list.map(Math => Math + 1)')).toEqual([2, 3]);
    expect(run('[[1, [2, 3]]].map(([a, b]) => b.map(c => a + c))')).toEqual([[3, 4]]);
  });

  it('is the same whatever ran before (slots and fuel are fresh each time)', () => {
    const parsed = parseExpression('input.list.map((x, i) => x + i)');
    if (!parsed.ok) throw new Error();
    const fuel = newFuel();
    const first = evaluate(parsed.ast, scope, fuel);
    const used = newFuel().left - fuel.left;
    const again = newFuel();
    expect(evaluate(JSON.parse(JSON.stringify(parsed.ast)), scope, again)).toEqual(first);
    expect(newFuel().left - again.left).toBe(used);
  });

  it('reports even its own bugs as an ExpressionError', () => {
    for (const ast of [['x'], ['.', 0, null, 'a'], ['f', 0, 'nope'], ['.', 0, 'input', [1]]]) {
      expect(() => evaluate(ast, scope, newFuel()), JSON.stringify(ast)).toThrow(ExpressionError);
    }
    let deep: unknown = 1;
    for (let index = 0; index < 100_000; index += 1) deep = ['!', deep];
    expect(() => evaluate(deep as never, scope, newFuel(1e9))).toThrow(ExpressionError);
  });
});

describe('asCondition', () => {
  it('takes true, false and null, and nothing else', () => {
    expect([true, false, null, undefined].map((value) => asCondition(value))).toEqual([true, false, false, false]);
    for (const value of ['false', '', 0, 1, [], {}]) {
      expect(() => asCondition(value, 'if')).toThrow(expect.objectContaining({ reason: 'condition' }));
    }
    expect(() => asCondition('false', 'with.test')).toThrow(
      'with.test: A condition must be true, false or null, not a text ("false").',
    );
  });
});
