import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { FUEL_PER_EXPRESSION, MAX_RESULT_TEXT } from '../limits.ts';
import { compileValue, newFuel, resolve } from './index.ts';

const scope = { input: { n: 2, list: [1, 'a'], nothing: null, text: 'x', o: { a: 1 } } };

function run(value: Json, fuel = newFuel()) {
  const { template, problems } = compileValue(value);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  return resolve(JSON.parse(JSON.stringify(template)), scope, fuel).value;
}

describe('resolve', () => {
  it('keeps the kind of a value that is alone in its text, and makes text of everything else', () => {
    expect(
      run({
        a: ' ${{ input.list }} ',
        b: 'n: ${{ input.n }}',
        c: '${{ input.list }};${{ input.o }};${{ input.nothing }};${{ input.none }}',
      }),
    ).toEqual({
      a: [1, 'a'],
      b: 'n: 2',
      c: '[1,"a"];{"a":1};;',
    });
  });

  it('leaves out undefined fields, also within the result of an expression', () => {
    const value = run({
      a: '${{ input.none }}',
      b: ['${{ input.none }}'],
      c: '${{ { x: undefined, y: [undefined], z: null } }}',
    });
    expect(value).toStrictEqual({ b: [null], c: { y: [null], z: null } });
  });

  it('counts the texts of one value, and each of them once', () => {
    const most = { input: { text: 'x'.repeat(MAX_RESULT_TEXT) } };
    const { template } = compileValue('${{ input.text }}');
    const fuel = newFuel();
    for (const _ of ['condition', 'input']) expect(resolve(template, most, fuel).value).toBe(most.input.text);
  });

  it('turns -0 into 0, as JSON will, and refuses values that JSON cannot hold', () => {
    expect(Object.is((run('${{ [-0] }}') as number[])[0], 0)).toBe(true);
    expect(() => run({ sum: '${{ { a: [1 / 0] } }}' })).toThrow(
      expect.objectContaining({ reason: 'not-finite', message: expect.stringContaining('with.sum') }),
    );
  });

  it('names the field, the expression and the position', () => {
    expect(() => run({ json: { 'x-id': ['${{ input.nothing.sha }}'] } })).toThrow(
      expect.objectContaining({
        code: 'expression',
        reason: 'null-read',
        position: 0,
        message:
          'with.json[\'x-id\'][0]: Cannot read "sha" of null: input.nothing is null. If that may happen, write input.nothing?. In ${{ input.nothing.sha }}',
      }),
    );
  });

  it('copies nothing that needs no change', () => {
    const { template } = compileValue('${{ input.o }}');
    expect(resolve(template, scope, newFuel()).value).toBe(scope.input.o);
  });

  it('gives each expression its own allowance out of the whole', () => {
    const heavy = '${{ Array.from({ length: 30000 }, (_, i) => i).length }}';
    const fuel = newFuel(10 * FUEL_PER_EXPRESSION);
    expect(run([heavy, heavy, heavy, heavy], fuel)).toEqual([30000, 30000, 30000, 30000]);
    const used = 10 * FUEL_PER_EXPRESSION - fuel.left;
    expect(used).toBeGreaterThan(200_000);
    expect(() => run('${{ Array.from({ length: 90000 }, (_, i) => i + i + i) }}', fuel)).toThrow(
      expect.objectContaining({ reason: 'fuel' }),
    );
    expect(10 * FUEL_PER_EXPRESSION - fuel.left).toBe(used + FUEL_PER_EXPRESSION);
    expect(() => run([heavy, heavy, heavy, heavy], newFuel())).toThrow(expect.objectContaining({ reason: 'fuel' }));
  });

  it('caps the text and the depth of results', () => {
    expect(() => run("${{ 'x'.repeat(1000000) }}${{ 'y'.repeat(1000000) }}", newFuel(1e6))).toThrow(
      expect.objectContaining({ reason: 'too-large' }),
    );
    expect(() => run('${{ Array.from({ length: 65 }).reduce(a => [a], 1) }}')).toThrow(
      expect.objectContaining({ reason: 'depth' }),
    );
    expect(() => run('${{ Array.from({ length: 63 }).reduce(a => [a], 1) }}')).not.toThrow();
  });
});
