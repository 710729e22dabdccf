import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InexactNumber, parseCallerJson, parseServiceJson } from './exact-json.ts';

/** Numbers as JSON spells them, and what a service's become. */
const NUMBERS: readonly (readonly [string, number | string])[] = [
  ['0', 0],
  ['-0', -0],
  ['42', 42],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  // A double holds 2^53, but it may have been 2^53 + 1 when whoever wrote it read it.
  ['9007199254740992', '9007199254740992'],
  ['9007199254740993', '9007199254740993'],
  ['-7615917337495251231', '-7615917337495251231'],
  ['100000000000000000000', '100000000000000000000'],
  ['9'.repeat(400), '9'.repeat(400)],
  ['0.1', 0.1],
  ['1234567890.123456789', 1234567890.1234567],
  ['0.30000000000000004', 0.30000000000000004],
  ['9007199254740993.5', 9007199254740994],
  ['1e20', 1e20],
  ['1E+22', 1e22],
  ['1e-400', 0],
  ['1e400', '1e400'],
  ['-1.5E+0999', '-1.5E+0999'],
  [`${'9'.repeat(300)}e9`, `${'9'.repeat(300)}e9`],
];

/** The value as plain JSON, and its text with big integers as digits. */
const LEAF = fc.oneof(
  fc
    .constantFrom(...NUMBERS)
    .map(([text, value]) => ({ text, value: value as unknown, exact: typeof value === 'number' })),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((big) => {
    const exact = Number.isSafeInteger(Number(big));
    return { text: String(big), value: exact ? Number(big) : String(big), exact };
  }),
  fc
    .oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary' }),
      fc.constant('"\\9007199254740993"'),
    )
    .filter((value) => typeof value !== 'number' || !/^-?\d{16,}$/.test(String(value)))
    .map((value) => ({ text: JSON.stringify(value), value: value as unknown, exact: true })),
);
const { tree: TREE } = fc.letrec<{ tree: { text: string; value: unknown; exact: boolean } }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    LEAF,
    fc.array(tie('tree'), { maxLength: 4 }).map((items) => ({
      text: `[${items.map(({ text }) => text).join(' , ')}]`,
      value: items.map(({ value }) => value),
      exact: items.every(({ exact }) => exact),
    })),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.string(), fc.constant('9007199254740993')), tie('tree')), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map((entries) => ({
        text: `{${entries.map(([key, { text }]) => `${JSON.stringify(key)} : ${text}`).join(',')}}`,
        value: JSON.parse(
          `{${entries.map(([key, { value }]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
        ),
        exact: entries.every(([, { exact }]) => exact),
      })),
  ),
}));

const withoutMinusZero = (value: unknown) => JSON.parse(JSON.stringify(value));

function refusal(text: string): InexactNumber {
  try {
    parseCallerJson(text);
  } catch (error) {
    if (error instanceof InexactNumber) return error;
    throw error;
  }
  throw new Error(`${text.slice(0, 100)} was accepted.`);
}

describe('parseServiceJson', () => {
  it.each(NUMBERS)('reads %s', (text, expected) => {
    expect(parseServiceJson(text)).toBe(expected);
    expect(parseServiceJson(` {"a" : [[],{"b":${text}}]}\n`)).toEqual({ a: [[], { b: expected }] });
  });

  it('leaves keys and texts as they are', () => {
    const text = String.raw`{"9007199254740993":"9007199254740993","a\"":"\\","b":"\":9007199254740993,","c":9007199254740993}`;
    expect(parseServiceJson(text)).toEqual({ ...JSON.parse(text), c: '9007199254740993' });
  });

  it('refuses what is no JSON, though quotes would make it such', () => {
    for (const text of [
      '{9007199254740993:1}',
      '[09007199254740993]',
      '9007199254740993 1',
      '"9007199254740993',
      '[9007199254740993,]',
      '',
    ])
      expect(() => parseServiceJson(text)).toThrow(SyntaxError);
  });

  it('takes the last of two values with one key, and keeps `__proto__` an ordinary key', () => {
    expect(parseServiceJson('{"a":9007199254740993,"a":1}')).toEqual({ a: 1 });
    const value = parseServiceJson('{"__proto__":{"id":9007199254740993}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value as object)).toEqual([['__proto__', { id: '9007199254740993' }]]);
  });

  it('reads what is nested deeper than the stack', () => {
    const deep = `${'['.repeat(200_000)}9007199254740993${']'.repeat(200_000)}`;
    expect(Array.isArray(parseServiceJson(deep))).toBe(true);
    expect(refusal(deep).literal).toBe('9007199254740993');
  });

  it('gives every digit of any value, and all else as JSON.parse does', () => {
    fc.assert(
      fc.property(TREE, ({ text, value, exact }) => {
        expect(withoutMinusZero(parseServiceJson(text))).toEqual(withoutMinusZero(value));
        if (exact) expect(parseServiceJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('parseCallerJson', () => {
  it.each(NUMBERS)('takes or refuses %s', (text, expected) => {
    if (typeof expected === 'number') expect(parseCallerJson(`[${text}]`)).toEqual([expected]);
    else expect(refusal(`[${text}]`)).toMatchObject({ path: '/0', literal: text });
  });

  it('names the field and says "quote it"', () => {
    const { message, hint } = refusal(
      '{"ok":9007199254740991,"ad":{"a/b":[1,-7615917337495251231]},"z":9007199254740993}',
    );
    expect(message).toBe('The number -7615917337495251231 cannot be held exactly. (/ad/a~1b/1)');
    expect(hint).toBe('Quote it, so that it is a text: "-7615917337495251231".');
    expect(refusal('9007199254740993').message).toBe('The number 9007199254740993 cannot be held exactly.');
    expect(refusal('9'.repeat(5000)).message.length).toBeLessThan(100);
  });

  it('refuses exactly the texts that hold such a number', () => {
    fc.assert(
      fc.property(TREE, ({ text, exact }) => {
        if (exact) expect(parseCallerJson(text)).toEqual(JSON.parse(text));
        else {
          const { path, literal } = refusal(text);
          const at = path
            .split('/')
            .slice(1)
            .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
          const read = at.reduce(
            (value, key) => (value as Record<string, unknown>)[key],
            parseServiceJson(text) as unknown,
          );
          expect(read).toBe(literal);
        }
      }),
    );
  });
});
