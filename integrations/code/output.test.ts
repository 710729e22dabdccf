import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';

const run = (source: string) => runNode(javascript, fakeContext(), { source });

describe('what a script returns', () => {
  it.concurrent.each([
    ['return 0 / 0', '', 'the result is NaN'],
    ['return { average: 10 / 0, sum: 1 }', 'average', 'average is Infinity'],
    ['return [[1, -1 / 0]]', '[0][1]', '[0][1] is -Infinity'],
    ["return new Map([['a', 1]])", '', 'the result is a Map, which JSON cannot hold; return Object.fromEntries(map)'],
    ['return { seen: { x: [1, 2, new Set([1])] }, at: new Date(0) }', 'seen.x[2]', 'seen.x[2] is a Set'],
    ["return { 'a b': new TypeError('boom') }", '["a b"]', '["a b"] is an Error, which JSON cannot hold; return its'],
    ['return { re: /x/g }', 're', 're is a RegExp'],
    ['return 10n', '', 'the result is a BigInt, which JSON cannot hold; return it as text: String(n)'],
    ['return { s: Symbol("s") }', 's', 's is a symbol'],
    ['return { [Symbol("s")]: 1 }', '', 'the result is an object with a symbol for a key'],
    [
      'return "\\ud800"',
      '',
      'the result is a text with half a character (a lone surrogate), which JSON cannot hold; return',
    ],
    ['return { seen: { x: ["ok", "a\\udc00b"] } }', 'seen.x[1]', 'seen.x[1] is a text with half a character'],
    ['return { "k\\ud83d": 1 }', '["k\\ud83d"]', 'is below a key with half a character'],
    ['return { p: { toJSON: () => "\\udfff" } }', 'p', 'p is a text with half a character'],
    [
      'String.prototype.isWellFormed = () => true; return ["🙂".slice(0, 1)]',
      '[0]',
      '[0] is a text with half a character',
    ],
    ['return () => 1', '', 'the result is a function'],
    ['return [1, undefined, () => 1]', '[2]', '[2] is a function'],
    ['return [1, , 3]', '[1]', '[1] is an empty place of a list'],
    ['return new Array(3)', '[0]', '[0] is an empty place of a list'],
    ['return { bytes: new Uint8Array(2) }', 'bytes', 'bytes is a Uint8Array'],
    ['return { bytes: new ArrayBuffer(2) }', 'bytes', 'bytes is an ArrayBuffer'],
    ['return new Date(NaN)', '', 'the result is an invalid Date'],
    [
      'class Point { x = 1 } return { p: new Point() }',
      'p',
      'p is a Point, which JSON cannot hold; return a plain object',
    ],
    ['return Object.create({ inherited: 1 })', '', 'the result is an object with a prototype of its own'],
    ['return Object(1)', '', 'the result is a Number'],
    ['return { p: Promise.resolve(1) }', 'p', 'p is a Promise, which JSON cannot hold; put "await" before it'],
    ['return [1].values()', '', 'the result is an Array Iterator'],
    ['return { p: { toJSON: () => ({ a: NaN }) } }', 'p.a', 'p.a is NaN'],
    ['return { get a() { throw new Error("no") } }', 'a', 'a cannot be read: no'],
    ['return { get a() { return new Set() } }', 'a', 'a is a Set'],
    ['const a = { b: [] }; a.b.push(a); return a', 'b[0]', 'b[0] is a value that contains itself'],
    ['const a = {}; a.toJSON = () => a; return { a }', 'a', 'a is a value that contains itself'],
    ['return { id: 12345678901234567890 }', 'id', 'an integer beyond 2^53, whose last digits a number cannot hold'],
    ['return JSON.parse("-9007199254740993")', '', 'an integer beyond 2^53'],
    [
      'let a = []; for (let i = 0; i < 250; i++) a = [a]; return { a }',
      expect.stringMatching(/^a(\[0\])+.{0,2}…$/),
      '200 levels',
    ],
  ])('fails with its place: %s', async (source, path, says) => {
    const failed = await failure(run(source));
    expect(failed).toMatchObject({ code: 'code.output', retryable: false, details: { path } });
    expect(failed.message).toContain(says);
  });

  it.concurrent.each([
    ['return', null],
    ['return [1, undefined, null]', [1, null, null]],
    ['return { "🙂": "🙂 ü \\u0000" }', { '🙂': '🙂 ü \u0000' }],
    ['return { a: undefined, b: 1 }', { b: 1 }],
    ['return { at: new Date(0) }', { at: '1970-01-01T00:00:00.000Z' }],
    ['return Object.groupBy([1, 2], (n) => n % 2 ? "odd" : "even")', { odd: [1], even: [2] }],
    ['return "a1".match(/([a-z])(\\d)/)', ['a1', 'a', '1']],
    ['return { get a() { return 1 } }', { a: 1 }],
    ['class Money { toJSON() { return "5 EUR" } } return [new Money()]', ['5 EUR']],
    ['const same = { a: 1 }; return [same, same]', [{ a: 1 }, { a: 1 }]],
    ['return [6.02e23, -5e-324, 2 ** 53 - 1, 0.1]', [6.02e23, -5e-324, 9007199254740991, 0.1]],
    ['return JSON.parse(\'{"__proto__": 1, "toString": 2}\')', JSON.parse('{"__proto__": 1, "toString": 2}')],
    ['let a = 1; for (let i = 0; i < 200; i++) a = [a]; return JSON.stringify(a).length', 401],
  ])('is given on: %s', async (source, output) => {
    expect(await run(source)).toEqual(output);
  });
});
