import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InexactNumber,
  parseCallerJson,
  parseNumbersAsText,
  parseServiceJson,
  serviceNumber,
  withNumbersQuoted,
} from './exact-json.ts';
import { fromPointer } from './pointer.ts';

/** Numbers as JSON spells them, what they become if a service sends them, and whether a caller may send them. */
const NUMBERS: readonly (readonly [string, number | string, boolean])[] = [
  ['0', 0, true],
  ['-0', -0, true],
  ['42', 42, true],
  ['9007199254740991', 9007199254740991, true],
  ['-9007199254740991', -9007199254740991, true],
  ['9007199254740992', '9007199254740992', true],
  ['9007199254740993', '9007199254740993', false],
  ['-7615917337495251231', '-7615917337495251231', false],
  // A double holds 2^63, but is written with other digits: 9223372036854776000.
  ['9223372036854775808', '9223372036854775808', false],
  ['100000000000000000000', '100000000000000000000', true],
  ['1000000000000000000000000', '1000000000000000000000000', true],
  ['1000000000000000000000001', '1000000000000000000000001', false],
  ['9'.repeat(400), '9'.repeat(400), false],
  ['0.1', 0.1, true],
  ['1234567890.123456789', 1234567890.1234567, true],
  ['9007199254740993.5', 9007199254740994, true],
  ['1e20', 1e20, true],
  ['1E+22', 1e22, true],
  ['1e-400', 0, true],
  ['1e400', '1e400', false],
  ['-1.5E+0999', '-1.5E+0999', false],
  [`${'9'.repeat(300)}e9`, `${'9'.repeat(300)}e9`, false],
];

/** A JSON text, the value it has from a service, and whether a caller may send it. */
interface Sample {
  readonly text: string;
  readonly value: unknown;
  readonly taken: boolean;
}

const bigInteger = fc.bigInt({ min: -(2n ** 69n), max: 2n ** 69n }).map((big): Sample => {
  const number = Number(big);
  const value = Number.isSafeInteger(number) ? number : String(big);
  return { text: String(big), value, taken: JSON.stringify(number) === String(big) };
});

/** JSON that JSON.stringify writes can always be read again. */
const written = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"\\9007199254740993', null, true, 2 ** 63),
  )
  .map((value): Sample => {
    const text = JSON.stringify(value);
    const large = typeof value === 'number' && /^-?\d+$/.test(text) && !Number.isSafeInteger(value);
    return { text, value: large ? text : JSON.parse(text), taken: true };
  });

const listOf = (items: readonly Sample[]): Sample => ({
  text: `[${items.map(({ text }) => text).join(' , ')}]`,
  value: items.map(({ value }) => value),
  taken: items.every(({ taken }) => taken),
});

const objectOf = (entries: readonly [string, Sample][]): Sample => ({
  text: `{${entries.map(([key, { text }]) => `${JSON.stringify(key)} : ${text}`).join(',')}}`,
  value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])),
  taken: entries.every(([, { taken }]) => taken),
});

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...NUMBERS).map(([text, value, taken]): Sample => ({ text, value, taken })),
    bigInteger,
    written,
    fc.array(tie('sample'), { maxLength: 4 }).map(listOf),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.string(), fc.constant('9007199254740993')), tie('sample')), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map(objectOf),
  ),
}));

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

  it.each([
    '{9007199254740993:1}',
    '[09007199254740993]',
    '9007199254740993 1',
    '"9007199254740993',
    '[9007199254740993,]',
    '',
  ])('refuses %j, which quotes could make JSON', (text) => {
    expect(() => parseServiceJson(text)).toThrow(SyntaxError);
    expect(() => parseCallerJson(text)).toThrow(SyntaxError);
  });

  it('takes the last of two values with one key, and keeps `__proto__` an ordinary key', () => {
    expect(parseServiceJson('{"a":9007199254740993,"a":1}')).toEqual({ a: 1 });
    const value = parseServiceJson('{"__proto__":{"id":9007199254740993}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value as object)).toEqual([['__proto__', { id: '9007199254740993' }]]);
  });

  it('keeps every digit of any value, and reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(sample, ({ text, value }) => {
        expect(parseServiceJson(text)).toEqual(value);
      }),
    );
  });
});

describe('parseCallerJson', () => {
  it.each(NUMBERS)('takes or refuses %s', (text, _service, taken) => {
    if (taken) expect(parseCallerJson(`[${text}]`)).toEqual([Number(text)]);
    else expect(refusal(`[${text}]`)).toMatchObject({ path: '/0', literal: text });
  });

  it('names the field and says "quote it"', () => {
    const { message, hint } = refusal('{"ok":9007199254740991,"ad":{"a/b":[1,-7615917337495251231]},"z":1e999}');
    expect(message).toBe('The number -7615917337495251231 cannot be held exactly. (/ad/a~1b/1)');
    expect(hint).toBe('Quote it, so that it is a text: "-7615917337495251231".');
    expect(refusal('9007199254740993').message).toBe('The number 9007199254740993 cannot be held exactly.');
    expect(refusal('9'.repeat(5000)).message.length).toBeLessThan(100);
  });

  it('refuses exactly the texts that hold such a number, and points at it', () => {
    fc.assert(
      fc.property(sample, ({ text, value, taken }) => {
        if (taken) {
          expect(parseCallerJson(text)).toEqual(JSON.parse(text));
          return;
        }
        const { path, literal } = refusal(text);
        const at = fromPointer(path).reduce((inside, key) => (inside as Record<string, unknown>)[key], value);
        expect(at).toBe(literal);
      }),
    );
  });
});

describe('both', () => {
  it('read values that are nested too deep for the stack', () => {
    const deep = `${'['.repeat(200_000)}9007199254740993${']'.repeat(200_000)}`;
    expect(Array.isArray(parseServiceJson(deep))).toBe(true);
    expect(refusal(deep).literal).toBe('9007199254740993');
  });
});

describe('numbers as texts', () => {
  it('keep each digit, and leave everything else as it is', () => {
    const text = '{"usd":2.30e-05,"list":[150.12345678901234567890,-0,true,null,"1.0"],"deep":{"a":1e400}}';
    expect(parseNumbersAsText(text)).toEqual({
      usd: '2.30e-05',
      list: ['150.12345678901234567890', '-0', true, null, '1.0'],
      deep: { a: '1e400' },
    });
    expect(() => parseNumbersAsText('{"usd":15')).toThrow(SyntaxError);
  });
});

describe('for libraries that parse', () => {
  it.each(NUMBERS)('%s: the text, and the number alone', (text, expected) => {
    const whole = `{"a":[${text}],"b":"${text}"}`;
    expect(JSON.parse(withNumbersQuoted(whole))).toEqual(parseServiceJson(whole));
    expect(serviceNumber(text)).toBe(expected);
  });

  it('a text that is not JSON stays as it is', () => {
    for (const text of ['', '{"a":9007199254740993', '"9007199254740993', 'x 9007199254740993'])
      expect(withNumbersQuoted(text)).toBe(text);
  });
});
