import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, evaluate, newFuel, parseExpression } from './index.ts';

/** The data that both sides read. Made anew for each, so that mutating methods of JavaScript cannot disturb the other. */
const scope = () => ({
  input: {
    n: 7,
    f: -2.5,
    z: 0,
    text: 'Hello, wörld 😀',
    empty: '',
    yes: true,
    no: false,
    nothing: null,
    numbers: [3, -1, 3, 10, 0.5],
    words: ['pear', 'Apple', 'fig', '', 'fig'],
    rows: [
      { id: 2, name: 'b', tags: ['x'] },
      { id: 1, name: 'a', tags: [] },
      { id: 10, name: 'c', tags: ['y', 'z'] },
    ],
    map: { b: 1, a: 'two', c: null },
  },
});

const oneOf = (...sources: string[]) => fc.constantFrom(...sources);
const smallInt = fc.integer({ min: -3, max: 12 }).map((n) => `(${n})`);
const quoted = fc
  .string({ unit: fc.constantFrom('a', 'b', 'l', 'o', ' ', ',', '-', 'é', '1'), maxLength: 4 })
  .map((text) => JSON.stringify(text));

/**
 * Sources of the subset shared with JavaScript, by the kind of their value: lists and objects never meet arithmetic
 * or text, `==` compares only scalars of one kind or null.
 */
const { any } = fc.letrec((tie) => {
  const num = tie('num') as fc.Arbitrary<string>;
  const text = tie('text') as fc.Arbitrary<string>;
  const bool = tie('bool') as fc.Arbitrary<string>;
  const numbers = tie('numbers') as fc.Arbitrary<string>;
  const words = tie('words') as fc.Arbitrary<string>;
  const rows = tie('rows') as fc.Arbitrary<string>;
  const object = tie('object') as fc.Arbitrary<string>;
  const maybe = tie('maybe') as fc.Arbitrary<string>;
  const join = (...parts: (string | fc.Arbitrary<string>)[]) =>
    fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
  const grow = (...choices: fc.Arbitrary<string>[]) =>
    fc.oneof({ depthSize: 'small', withCrossShrink: true }, ...choices);
  const choice = (arbitrary: fc.Arbitrary<string>) => join('(', bool, ' ? ', arbitrary, ' : ', arbitrary, ')');
  return {
    num: grow(
      fc.oneof(smallInt, oneOf('input.n', 'input.f', 'input.z', '1.5', '1e3', 'NaN', 'Math.PI')),
      join('(', num, oneOf(' + ', ' - ', ' * ', ' / ', ' % '), num, ')'),
      join('(', num, ' ** ', smallInt, ')'),
      join('(-', num, ')'),
      join('(+', fc.oneof(num, text, bool, oneOf('null', 'undefined')), ')'),
      join('(', num, ' - ', fc.oneof(text, bool, oneOf('null')), ')'),
      join(
        oneOf('Math.abs', 'Math.ceil', 'Math.floor', 'Math.round', 'Math.trunc', 'Math.sign', 'Math.sqrt'),
        '(',
        num,
        ')',
      ),
      join(oneOf('Math.max', 'Math.min'), '(', num, ', ', num, ', ...', numbers, ')'),
      join(fc.oneof(text, numbers, words), '.length'),
      join(text, oneOf('.indexOf(', '.lastIndexOf('), text, ')'),
      join(text, '.charCodeAt(', smallInt, ')'),
      join(numbers, oneOf('.indexOf(', '.lastIndexOf('), num, ')'),
      join(numbers, '.reduce((a, x, i) => a + x * i, ', num, ')'),
      join(words, '.findIndex(w => w > ', text, ')'),
      join(oneOf('Number(', 'parseFloat(', 'parseInt('), text, ')'),
      join(oneOf('parseInt('), text, ', ', oneOf('2', '10', '16', '36'), ')'),
      choice(num),
    ),
    text: grow(
      fc.oneof(quoted, oneOf('input.text', 'input.empty', 'input.words[1]', "input['text']")),
      join('(', text, ' + ', fc.oneof(text, num, bool, oneOf('null', 'undefined')), ')'),
      join('`', oneOf('a', ' '), '${', fc.oneof(text, num, bool, oneOf('null', 'undefined')), '}${', text, '}`'),
      join(text, '.', oneOf('trim', 'trimStart', 'trimEnd', 'toLowerCase', 'toUpperCase', 'toString'), '()'),
      join(text, oneOf('.slice(', '.substring('), smallInt, ', ', smallInt, ')'),
      join(text, oneOf('.padStart(', '.padEnd('), smallInt, ', ', text, ')'),
      join(text, '.repeat(', oneOf('0', '1', '3'), ')'),
      join(text, '.charAt(', smallInt, ')'),
      join(text, oneOf('.replace(', '.replaceAll('), text, ', ', text, ')'),
      join(words, '.join(', text, ')'),
      join(numbers, '.join()'),
      join('(typeof ', any_(tie), ')'),
      join('String(', fc.oneof(num, bool, oneOf('null')), ')'),
      join('JSON.stringify(', fc.oneof(object, numbers, words, text, num), ')'),
      join('encodeURIComponent(', quoted, ')'),
      join('(', num, ').toFixed(', oneOf('0', '2'), ')'),
      choice(text),
    ),
    bool: grow(
      oneOf('true', 'false', 'input.yes', 'input.no'),
      join('(', num, oneOf(' < ', ' <= ', ' > ', ' >= ', ' == ', ' != ', ' === ', ' !== '), num, ')'),
      join('(', text, oneOf(' < ', ' <= ', ' > ', ' >= ', ' == ', ' != ', ' === ', ' !== '), text, ')'),
      join('(', num, oneOf(' < ', ' >= '), fc.oneof(text, bool, oneOf('null', 'undefined')), ')'),
      join('(', maybe, oneOf(' == ', ' != ', ' === ', ' !== '), oneOf('null', 'undefined'), ')'),
      join('(!', any_(tie), ')'),
      join('(', bool, oneOf(' && ', ' || '), bool, ')'),
      join(text, oneOf('.includes(', '.startsWith(', '.endsWith('), text, ')'),
      join(numbers, '.includes(', num, ')'),
      join(numbers, oneOf('.some(', '.every('), 'x => x > ', num, ')'),
      join('Array.isArray(', any_(tie), ')'),
      join('Object.hasOwn(', object, ', ', text, ')'),
      join(oneOf('Number.isInteger(', 'Number.isNaN(', 'Number.isFinite('), num, ')'),
      join('Boolean(', any_(tie), ')'),
    ),
    numbers: grow(
      oneOf('input.numbers', '[]', '[1, 2, 3]'),
      join('[', num, ', ...', numbers, ', ', num, ']'),
      join(numbers, '.map((x, i) => x + i)'),
      join(numbers, '.map((x) => x * ', num, ')'),
      join(numbers, '.filter(x => x > ', num, ')'),
      join(numbers, '.slice(', smallInt, ', ', smallInt, ')'),
      join(numbers, '.concat(', numbers, ', ', num, ')'),
      join(numbers, oneOf('.toSorted()', '.toSorted((a, b) => a - b)', '.toSorted((a, b) => b - a)', '.toReversed()')),
      join(numbers, '.flatMap(x => [x, ', num, '])'),
      join('[', numbers, ', ', num, '].flat()'),
      join(rows, '.map(r => r.id)'),
      join(rows, '.map(({ id }) => id)'),
      join('Object.entries(', object, ').map(([key, value], index) => key.length + index)'),
      join('Array.from({ length: ', oneOf('0', '2', '5'), ' }, (_, i) => i * ', num, ')'),
      choice(numbers),
    ),
    words: grow(
      oneOf('input.words', "['b', 'a']"),
      join('[', text, ', ...', words, ']'),
      join(text, '.split(', oneOf("''", "','", "'l'", "'llo, '"), ')'),
      join(text, ".split(',', ", oneOf('0', '1', '9'), ')'),
      join(words, '.map(w => w + ', text, ')'),
      join(words, '.filter(Boolean)'),
      join(words, '.map(w => w.toUpperCase())'),
      join(words, oneOf('.toSorted()', '.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0)', '.toReversed()')),
      join(numbers, '.map(String)'),
      join('Object.keys(', object, ')'),
      join('[...', text, ']'),
      join(rows, '.flatMap(r => r.tags)'),
    ),
    rows: grow(
      oneOf('input.rows'),
      join(rows, '.filter(r => r.id > ', num, ')'),
      join(rows, '.toSorted((a, b) => a.id - b.id)'),
      join(rows, '.map(r => ({ ...r, name: ', text, ' }))'),
      join(rows, '.slice(', smallInt, ')'),
    ),
    object: grow(
      oneOf('input.map', '({})', 'input.rows[0]'),
      join('({ a: ', any_(tie), ', ...', object, ' })'),
      join('({ [', text, ']: ', num, ", 'x y': ", maybe, ' })'),
      join('Object.fromEntries(', words, '.map((w, i) => [w, i]))'),
      join('Object.fromEntries(Object.entries(', object, ').map(([k, v]) => [k, v]))'),
      join('Object.assign({}, ', object, ', ', object, ')'),
      join('JSON.parse(JSON.stringify(', object, '))'),
    ),
    maybe: grow(
      oneOf('null', 'undefined', 'input.nothing', 'input.missing', 'input.nothing?.x.y', "input.missing?.['x'].trim()"),
      join(numbers, '.at(', smallInt, ')'),
      join(numbers, '.find(x => x > ', num, ')'),
      join(words, '[', smallInt, ']'),
      join(object, '?.a'),
      join(object, '[', text, ']'),
      join('(', maybe, ' ?? ', num, ')'),
      join('(', maybe, ' ?? ', maybe, ')'),
      join('input.map.c?.', oneOf('x', 'x.y', "['x']", 'x[0].z')),
    ),
    any: fc.oneof(num, text, bool, numbers, words, rows, object, maybe),
  };
});

function any_(tie: (key: string) => fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return tie('any') as fc.Arbitrary<string>;
}

type Outcome = { value: unknown } | { error: string };

function inJavaScript(source: string): Outcome {
  try {
    return { value: new Function('input', `'use strict'; return (${source});`)(scope().input) };
  } catch (error) {
    return { error: String(error) };
  }
}

function inBlok(source: string): Outcome {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(`not in the language: ${source}: ${parsed.problem.message}`);
  try {
    return { value: evaluate(parsed.ast, scope(), newFuel()) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { error: `${error.reason}: ${error.message}` };
  }
}

describe('expressions against JavaScript', () => {
  it('give the same value, or fail where JavaScript fails, over the shared subset', () => {
    let compared = 0;
    fc.assert(
      fc.property(any as fc.Arbitrary<string>, (source) => {
        const real = inJavaScript(source);
        const ours = inBlok(source);
        if ('error' in real) {
          expect(ours, source).toHaveProperty('error');
        } else if ('error' in ours) {
          // Caps and the text of objects are the only differences; neither may show in this subset.
          expect.fail(`${source} is ${JSON.stringify(real.value)} in JavaScript, but ${ours.error}`);
        } else {
          compared += 1;
          expect(ours.value, source).toStrictEqual(real.value);
        }
      }),
      { numRuns: 4000 },
    );
    expect(compared).toBeGreaterThan(2000);
  });
});
