/** What the library has beyond JavaScript, and the meaning of plans that were compiled before the library grew. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, evaluate, newFuel, parseExpression } from '../index.ts';

function run(source: string, input: unknown = null): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(`${parsed.problem.code}: ${parsed.problem.message}`);
  return evaluate(parsed.ast, { input }, newFuel());
}

describe('values', () => {
  it.each([
    ["[null, undefined, '', [], {}].map(x => empty(x))", [true, true, true, true, true]],
    ["[0, false, ' ', [null], { a: undefined }].map(x => empty(x))", [false, false, false, false, false]],
    [
      "unique([1, '1', 1, null, undefined, { a: 1, b: 2 }, { b: 2, a: 1 }, [1], [1]])",
      [1, '1', null, { a: 1, b: 2 }, [1]],
    ],
    ["unique(['a', 'B', 'A'], x => x.toLowerCase())", ['a', 'B']],
    ['titleCase("don\'t STOP, élan vital")', "Don't Stop, Élan Vital"],
    ["path.get({ 'a.b': [{ c: 1 }] }, '[\"a.b\"][0].c')", 1],
    ["path.get({ a: { 0: 'x' } }, 'a.0')", 'x'],
    ["path.get({ a: null }, 'a.b.c', 'none')", 'none'],
    ["path.get({ a: 1 }, 'a.b', 'none')", 'none'],
    ["path.get('text', 'length')", 4],
    ["path.get({}, 'constructor', 'own only')", 'own only'],
    ["path.get([], '__proto__.constructor', 'own only')", 'own only'],
  ])('%s', (source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  it.each([
    ...[
      'hash.md5(input)',
      'hash.hmac(input, "k")',
      'hash.hmac("a", input)',
      'titleCase(input)',
      'base64.encode(input)',
    ],
    ...[
      "regex.test(input, 'l')",
      "regex.match(input, 'l')",
      "regex.matchAll(input, 'l')",
      "regex.replace(input, 'l', '')",
    ],
    ...["regex.replace('l', 'l', input)", 'hash.sha256(undefined)'],
  ])('%s fails on null, which is not the text "null"', (source) => {
    expect(() => run(source)).toThrow(/argument [123]: a text is needed, not (null|undefined)\./);
  });

  it('a number is a text that can be hashed', () => {
    expect(run('hash.md5(5)')).toBe(run("hash.md5('5')"));
  });

  it.each([
    ['duration.format(-5400000)', '-1h30m'],
    ['duration.format(-0.4)', '0s'],
    ['duration.ms(duration.format(-90061001))', -90_061_001],
  ])('%s is %s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  it.each([
    ['yyyy-MM-DD', '"yyyy" is not a part of a pattern. Write YYYY'],
    ['YYYY-MM-dd', 'Write DD'],
    ['MMMM Do', 'Write D,'],
    ['EEEE', 'Write ddd'],
  ])('a constant pattern in the letters of another library is refused: %s', (pattern, words) => {
    expect(parseExpression(`date.format(now, '${pattern}')`)).toMatchObject({
      ok: false,
      problem: { code: 'wrong-arguments', message: expect.stringContaining(words) },
    });
    expect(parseExpression(`date.format(now, '[${pattern}] YYYY dddd ddd DD')`).ok).toBe(true);
  });

  it('an invalid path is refused, at run time too', () => {
    expect(() => run("path.get({}, 'a[')")).toThrow('wrong-arguments');
    for (const path of ['a[', 'a..b', '.a', 'a[x]', 'a]', 'a'.repeat(2000), 'a.'.repeat(80).concat('b'), 1])
      expect(() => run('path.get({}, input)', path), String(path)).toThrow(ExpressionError);
  });

  it('unique keeps what removing equal elements one by one would keep', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ max: 3 }), fc.constantFrom('a', null, [1], { a: 1 }, true))),
        (list) => {
          const kept = list.filter(
            (entry, index) => list.findIndex((other) => JSON.stringify(other) === JSON.stringify(entry)) === index,
          );
          expect(run('unique(input)', list)).toEqual(kept);
        },
      ),
    );
  });
});

describe('texts', () => {
  it.each([
    ["extract.emails('Jörg <jörg.m+x@müller.example>, no@where, b@y.org.')", ['jörg.m+x@müller.example', 'b@y.org']],
    ["extract.email('none')", null],
    [
      'extract.urls(\'a https://x.org/a_(b), (http://y.org/c) "HTTPS://Z.org"!\')',
      ['https://x.org/a_(b)', 'http://y.org/c', 'HTTPS://Z.org'],
    ],
    ["extract.domain('ada@Example.org')", 'example.org'],
    ["extract.domain('www.example.org/path?x=a@b.c')", 'www.example.org'],
    ["extract.domain('Write to ada@example.org today')", 'example.org'],
    ["extract.domain('http://[::1]:80/')", '[::1]'],
    ["extract.domain('no domain')", null],
    ["extract.domain('')", null],
    [
      "hash.hmac('what do ya want for nothing?', 'Jefe')",
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ["hash.hmac('what do ya want for nothing?', 'Jefe', 'md5')", '750c783e6ab0b503eaa86e310a5db738'],
    ["hash.sha512('abc').slice(0, 8)", 'ddaf35a1'],
  ])('%s', (source, expected) => {
    expect(run(source)).toEqual(expected);
  });
});

describe('numbers as texts', () => {
  it.each([
    ['format.number(0)', '0'],
    ['format.number(-1234.5)', '-1,234.5'],
    ['format.number(-0.001, 2)', '0.00'],
    ['format.number(999.999, 2)', '1,000.00'],
    ["format.number(1e20, 0, ' ')", '100 000 000 000 000 000 000'],
    ['format.number(1.5e-7)', '0.00000015'],
    ["format.number('12345678901234567890.555', 2)", '12,345,678,901,234,567,890.56'],
    ["format.number(1234, 0, '')", '1234'],
    ["format.number(1234, 1, '$&', '$1')", '1$&234$10'],
    ['format.percent(1)', '100%'],
    ['format.percent(-0.0725, 2)', '-7.25%'],
  ])('%s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  it('agree with Intl for numbers of English', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e15, max: 1e15, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (number, digits) => {
          const real = Math.abs(number)
            .toFixed(digits)
            .replace(/^\d+/, (whole) => BigInt(whole).toLocaleString('en-US'));
          expect((run('format.number(input[0], input[1])', [number, digits]) as string).replace('-', '')).toBe(real);
        },
      ),
    );
  });

  it.each([
    'format.number(1e21)',
    "format.number('1e5')",
    'format.number(null)',
    'format.number(1, -1)',
    'format.number(0 / 0)',
  ])('%s fails', (source) => {
    expect(() => run(source)).toThrow(ExpressionError);
  });
});

describe('dates', () => {
  it.each([
    ["Date.parse('Wednesday, 21-Oct-15 07:28:00 GMT')", 1_445_412_480_000],
    ["Date.parse('Wed Oct 21 07:28:00 2015')", 1_445_412_480_000],
    ["Date.parse('21 Oct 2015 09:28 +0200 (CEST)')", 1_445_412_480_000],
    ["Date.parse('Wed, 21 Oct 2015 00:28:00 PDT')", 1_445_412_480_000],
    ["Date.parse('Sat, 31 Dec 2016 23:59:60 GMT')", 1_483_228_800_000],
    ["Date.parse('Sun Nov  6 08:49:37 1994')", 784_111_777_000],
    ["date.format('Wed, 21 Oct 2015 07:28:00 GMT', 'D.M.YYYY')", '21.10.2015'],
    ["date.parse('no date')", null],
    ["date.parse('31.02.2026', 'DD.MM.YYYY')", null],
    ["date.parse('2026-1-2', 'YYYY-MM-DD')", null],
    ["date.parse('12:30 AM, 5 march 2026', 'h:mm A, D MMMM YYYY')", '2026-03-05T00:30:00.000Z'],
    ["date.parse('20260102T030405+0530', 'YYYYMMDD[T]HHmmssZZ')", '2026-01-01T21:34:05.000Z'],
    ["date.format('2021-01-03', 'GGGG-[W]WW')", '2020-W53'],
    ["date.get('2026-12-31', 'week')", 53],
    ["date.get('2027-01-01', 'weekYear')", 2026],
    ["date.endOf('2024-02-10', 'month')", '2024-02-29T23:59:59.999Z'],
    ["date.endOf('2026-02-18T10:20:30Z', 'minute')", '2026-02-18T10:20:59.999Z'],
    ["date.endOf('2026-02-18', 'quarter')", '2026-03-31T23:59:59.999Z'],
  ])('%s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  it.each([
    'Wed, 32 Oct 2015 07:28:00 GMT',
    'Wed, 21 Oct 2015 25:28:00 GMT',
    '21 Oct 2015 07:28 CET',
    '21 Oct 2015 07:28 +9900',
  ])('%s is no date', (text) => {
    expect(run('Number.isNaN(Date.parse(input))', text)).toBe(true);
  });

  it('reads with a pattern what was written with it', () => {
    const patterns = [
      'YYYY-MM-DDTHH:mm:ss.SSSZ',
      'ddd, D MMM YYYY HH:mm:ss.SSS ZZ',
      'h:m:s.SSS a [on] dddd, MMMM DD YYYY',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...patterns), fc.integer({ min: 0, max: 4e12 }), (pattern, ms) => {
        const iso = new Date(ms).toISOString();
        expect(run('date.parse(date.format(input.ms, input.pattern), input.pattern)', { ms, pattern })).toBe(iso);
      }),
    );
  });

  it('runs that began before keep the prices of comparisons, spreads and searches', () => {
    const used = (source: string, prices: number) => {
      const parsed = parseExpression(source);
      const fuel = { ...newFuel(), prices };
      if (parsed.ok) evaluate(parsed.ast, { input: Array.from({ length: 1000 }, () => 1) }, fuel);
      return newFuel().left - fuel.left;
    };
    expect(used('input == input.slice(0)', 1)).toBe(318);
    for (const source of ['input == input.slice(0)', '({ ...input })', "input.join('').indexOf('2')"])
      expect(used(source, 2), source).toBeGreaterThan(used(source, 1));
  });

  it.each([
    ["path.get(input, 'a.b.c')", 8],
    ["regex.test('a', 'b')", 51],
    ['({ [`a${input.n}`]: 1 })', 5],
    ['Object.fromEntries(input.pairs)', 116],
    ['(1 / 7).toFixed(100)', 3],
    ["input.text.indexOf('b')", 315],
    ['unique([input.wide])', 409],
  ])('%s keeps its price in runs of versions before 3', (source, price) => {
    const used = (prices: number) => {
      const input = {
        ...{
          n: 1,
          a: { b: { c: 1 } },
          pairs: Array.from({ length: 200 }, (_, n) => [`k${n}`, n]),
          text: 'a'.repeat(9999),
        },
        wide: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, n])),
      };
      const parsed = parseExpression(source);
      const fuel = { ...newFuel(), prices };
      if (parsed.ok) evaluate(parsed.ast, { input }, fuel);
      return newFuel().left - fuel.left;
    };
    expect(used(2)).toBe(price);
    expect(used(3)).toBeGreaterThan(price);
  });

  it('plans compiled before keep their meaning and their price', () => {
    const old = (ast: readonly unknown[]) => {
      const fuel = newFuel();
      return { value: evaluate(ast, {}, fuel), used: newFuel().left - fuel.left };
    };
    const mail = 'Wed, 21 Oct 2015 07:28:00 GMT';
    expect(old(['f', 0, 'Date.parse', mail])).toEqual({ value: Number.NaN, used: 1 });
    expect(old(['f', 0, 'date.format', 0, 'YYYY Z WW'])).toEqual({ value: '1970 Z WW', used: 7 });
    expect(() => old(['f', 0, 'date.iso', mail])).toThrow('Not a time');
    expect(() => old(['f', 0, 'date.get', 0, 'week'])).toThrow('A part is one of');
    expect(old(['f', 0, 'date.add', 0, 1, 'months'])).toEqual({ value: '1970-02-01T00:00:00.000Z', used: 1 });
    expect(old(['f', 0, 'hash.md5', null]).value).toBe('37a6259cc0c1dae299a7866489dff0bd');
    expect(old(['f', 0, 'regex.replace', null, 'l', 'x']).value).toBe('nuxx');
    expect(old(['f', 0, 'duration.format', -1000]).value).toBe('0s');
    expect(parseExpression("['a'].map(Date.parse)")).toMatchObject({
      ast: ['.', 0, expect.anything(), ['m', 'map', ['fn', 'Date.parse@2']]],
    });
  });
});
