/**
 * Each spends a whole allowance of fuel, if it can, on one operation of the language at the size at which it costs
 * most. The names of `priceScope` are in scope.
 */
const each = (body: string): string => `input.many.map(n => ${body})`;
const some = (body: string): string => `input.few.map(n => ${body})`;

const TIMES = [
  ...['date.add(n * 1e9, 1, "month")', 'date.add(n * 1e9, 1, "day")', 'date.add(n, "1d")', 'date.iso(n * 1e9)'],
  ...['date.diff(n * 1e9, 0, "month")', 'date.startOf(n * 1e9, "quarter")', 'date.endOf(n * 1e9, "week")'],
  ...['date.get(n * 1e9, "week")', 'date.get(n * 1e9, "dayOfYear")', 'date.next(n * 1e9, "08:00")'],
  ...['date.format(n * 1e9, "YYYY-MM-DD")', 'date.format(n * 1e9, input.datePattern)', 'date.at(n * 1e9, "08:00")'],
  ...['Date.parse(input.mail)', 'date.parse("2026-01-31T12:00:00.123456789+02:00")', 'date.parse(input.mail)'],
  ...['date.parse("31.01.2026 08:00", "DD.MM.YYYY HH:mm")', 'date.add(n * 1e9, 1, "month", "America/New_York")'],
  ...['date.startOf(n * 1e9, "week", "Europe/Berlin")', 'date.add("2026-01-31T12:00:00Z", n, "years")'],
  ...['duration.ms("1w2d3h4m5s6ms")', 'duration.format(n * 1e7)'],
];

const NUMBERS = [
  ...['n + 1', '(n / 7).toFixed(100)', '(n / 7).toPrecision(100)', '(n / 7).toString(2)', '(n / 7).toString()'],
  ...['format.number(n / 7, 100)', 'format.number(input.digits, 100)', 'format.percent(n / 7, 50)'],
  ...['Math.hypot(n, 1)', 'Math.pow(n, 1.5)', 'n ** 0.5', 'Math.sin(n * 1e300)', 'Math.tan(n)', 'Math.cbrt(n)'],
  ...['Math.max(...input.few)', 'Number(`1e${n % 300}`)', 'Number(input.digits)', 'parseFloat(input.digits)'],
  ...['`${n / 7}`', 'String(n / 7)', 'parseInt(`${n}`)', 'Number.isInteger(n)', 'JSON.stringify(n / 7)'],
];

const LISTS = [
  ...[
    '[...input.few]',
    'input.few.concat(input.few)',
    'input.few.entries()',
    'input.nested.flat(9)',
    'input.few.keys()',
  ],
  ...[
    'input.few.includes(-1)',
    'input.few.indexOf(-1)',
    'input.few.join()',
    'input.few.toReversed()',
    'input.few.slice(1)',
  ],
  ...[
    'input.few.with(0, 1)',
    'input.few.map(x => x)',
    'input.few.flatMap(x => [x, x])',
    'input.nested.flatMap(x => input.few)',
    'input.few.filter(x => true)',
  ],
  ...[
    'input.few.reduce((a, x) => a + x, 0)',
    'input.few.sort()',
    'input.few.sort((a, b) => b - a)',
    'unique(input.few)',
  ],
  ...['unique(input.rows)', 'input.few == input.few.slice(0)', 'input.rows == input.copy', 'input.rows.includes({})'],
  ...['Array.from({ length: 1000 })', 'input.few.some(x => x < 0)', 'input.words.sort()', 'input.words.join("")'],
  ...['input.fractions.join()', 'input.fractions.sort()', 'unique(input.words)', 'input.few.at(-1)'],
];

const OBJECTS = [
  ...['({ ...input.wide })', 'Object.keys(input.wide)', 'Object.values(input.wide)', 'Object.entries(input.wide)'],
  ...['Object.assign({}, input.wide)', 'Object.fromEntries(input.pairs)', 'Object.groupBy(input.few, x => x)'],
  ...[
    'input.wide == { ...input.wide }',
    'JSON.stringify(input.wide)',
    'JSON.stringify(input.rows)',
    'empty(input.wide)',
  ],
  ...['JSON.parse(input.json)', 'JSON.parse(input.jsonLists)', 'JSON.parse(input.jsonObjects)', 'unique([input.wide])'],
  ...['path.get(input, input.path)', '({ [`a${n}`]: n })', '[n].map(({ a }) => a)', '({ ...[...input.few] })'],
  ...[
    '({ a: { b: n }, c: [n] })',
    'Object.groupBy(input.rows, x => x.name)',
    'input.map5 == { a: 1, b: 2, c: 3, d: 4, e: 5 }',
  ],
];

const TEXTS = [
  ...[
    'input.long.indexOf("ab")',
    'input.long.includes("b" + n)',
    'input.long.lastIndexOf("b")',
    'input.long.split("b")',
  ],
  ...['input.long.replace("b", "c")', 'input.long.replaceAll("b", "c")', 'input.long.slice(1)', 'input.long.at(-1)'],
  ...[
    'input.long == input.long2',
    'input.long < input.long2',
    'input.long + n == input.long2 + n',
    '(input.long + n)[0]',
  ],
  ...[
    'input.long.toUpperCase()',
    'input.accents.toLowerCase()',
    'input.spaces.trim()',
    'input.long.padStart(1000000, "ab")',
  ],
  ...[
    'input.long.startsWith(input.long2)',
    'input.long.repeat(2)',
    'input.long.charCodeAt(n)',
    'titleCase(input.text)',
  ],
  ...['input.text.split("")', 'input.text.split(" ")', 'input.alternating.indexOf("abababac")', '[...input.text]'],
  ...[
    'input.alternating.includes("aaaaaaab")',
    'input.alternating.split("abababac")',
    'input.text.replaceAll(" ", "")',
  ],
  ...[
    'input.alternating.indexOf("abababababababababac")',
    'input.alternating.replaceAll("a", "b")',
    'input.wideText.indexOf("é")',
  ],
  ...[
    'encodeURIComponent(input.accents)',
    'decodeURIComponent(input.encoded)',
    'encodeURI(input.text)',
    'base64.encode(input.text)',
  ],
  ...[
    'base64.decode(input.base64)',
    'hash.md5(input.text)',
    'hash.sha1(input.text)',
    'hash.sha256(input.text)',
    'hash.sha512(input.text)',
  ],
  ...[
    'hash.sha512("")',
    'hash.md5("")',
    'hash.hmac("", "", "sha512")',
    'hash.hmac(input.text, "k")',
    'input.text.concat(n)',
  ],
  ...['String.fromCharCode(...input.few)', 'Number(input.spaces)', 'Array.from(input.text)', 'input.text.at(n)'],
  ...['`${input.long}${n}`.length', 'input.words.join(input.text).length', 'input.long.substring(1, 900000)'],
];

const PATTERNS = [
  ...['regex.test(input.text, "z$")', 'regex.test(input.text, "(.*.*.*){20}")', 'regex.matchAll(input.text, "[a-z]")'],
  ...['regex.replace(input.text, "a", "b")', 'regex.test("a", "b" + n)', 'regex.test("a", "\\\\PL{30}" + n, "i")'],
  ...[
    'regex.test("a", "[\\\\pL\\\\pN\\\\pM]{9}" + n)',
    'regex.match(input.text, "(?:a?){50}a{50}")',
    'regex.test("a", "b")',
  ],
  ...[
    'regex.match(input.text, "((a)|(b)|(c)|(d)|(e))*")',
    'extract.emails(input.text)',
    'extract.email("a@b.example")',
  ],
  ...[
    'extract.urls(input.urls)',
    'extract.domain("https://a.example")',
    'extract.domain(input.hosts)',
    'extract.domain(input.spaces)',
    'regex.test(input.text, "(?i)é")',
  ],
  ...['regex.replace("a".repeat(99), "(a)", "$1$1$1$1")', 'regex.matchAll("ab".repeat(99), "(a)(b)")'],
];

const ALL = [...TIMES, ...NUMBERS, ...LISTS, ...OBJECTS, ...TEXTS, ...PATTERNS];

/** Each operation many times, in the places where it is done in turns. */
export const PRICE_CORPUS: readonly string[] = [
  ...ALL.map(each),
  ...ALL.map(some),
  ...['input.rows.reduce((a, r) => [...a, r], [])', 'input.many.reduce((a, n) => [...a, n], [])'],
  ...['input.many.reduce((a, n) => ({ ...a, [n]: n }), {})', 'input.many.reduce((a, n) => a.concat([n]), [])'],
  ...['input.many.reduce((a, n) => ({ ...a, [`k${n}`]: n }), {})', 'input.many.reduce((a, n) => a + n, "")'],
  ...['input.many.reduce((a, n) => Object.assign({}, a, { [`k${n}`]: 1 }), {})', 'input.many.reduce((a, n) => [a], 1)'],
  ...['input.many.map(n => input.huge)', '[input.huge, 1] == [input.huge2, 1]', 'input.huge == input.huge2'],
  ...['unique(input.huge)', 'JSON.stringify(input.huge)', 'input.huge.map(x => [x])', 'input.huge.map(x => ({ x }))'],
  ...[
    'input.huge.sort((a, b) => b - a)',
    'input.huge.sort()',
    'input.huge.join()',
    'Math.max(...input.huge)',
    '[...input.huge]',
  ],
  ...['input.huge.flatMap(x => [x, x])', 'input.huge.entries()', 'Object.fromEntries(input.huge.map(x => [x, x]))'],
  ...[
    'Object.groupBy(input.huge, x => `k${x}`)',
    '({ ...input.huge })',
    'Object.keys(input.table)',
    '({ ...input.table })',
  ],
  ...[
    'input.table == { ...input.table }',
    'unique([input.table])',
    'JSON.stringify(input.table)',
    'Object.entries(input.table)',
  ],
  ...['JSON.parse(JSON.stringify(input.table))', 'JSON.parse(JSON.stringify(input.huge))', 'input.huge.toReversed()'],
  ...['String.fromCharCode(...input.huge)', 'input.long.split("a")', 'input.long.split("")', 'Array.from(input.long)'],
];

const count = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Values of the sizes at which operations cost most. */
export function priceScope(): Record<string, unknown> {
  const wide = Object.fromEntries(count(1_000).map((n) => [`k${n}`, n]));
  const rows = count(200).map((id) => ({ id, name: `n${id}`, tags: ['x', id] }));
  const text = 'the quick brown fox jumps '.repeat(40);
  return {
    input: {
      ...{ many: count(20_000), few: count(1_000).reverse(), huge: count(100_000), huge2: count(100_000) },
      ...{ wide, rows, copy: structuredClone(rows), pairs: count(1_000).map((n) => [`k${n}`, n]), text },
      ...{ nested: count(200).map((n) => [[n], [[n]]]), words: count(500).map((n) => `word${(n * 7919) % 500}`) },
      ...{
        fractions: count(1_000).map((n) => n / 7),
        table: Object.fromEntries(count(50_000).map((n) => [`k${n}`, n])),
      },
      ...{ long: 'a'.repeat(1_000_000), long2: `${'a'.repeat(999_999)}b`, spaces: ' '.repeat(1_000_000) },
      ...{ accents: 'éÀ'.repeat(500), encoded: encodeURIComponent('é'.repeat(300)), base64: btoa(text) },
      ...{ alternating: 'ab'.repeat(500_000), wideText: '→'.repeat(1_000_000), digits: '9'.repeat(390) },
      ...{
        json: JSON.stringify(rows),
        jsonLists: `[${'[],'.repeat(999)}1]`,
        jsonObjects: `[${'{"a":1},'.repeat(999)}1]`,
      },
      ...{ mail: 'Wed, 21 Oct 2015 07:28:00 GMT', datePattern: 'dddd D MMMM YYYY WW GGGG ZZ '.repeat(7) },
      ...{ path: 'rows[0].tags[1]', urls: 'see https://a.example/b, '.repeat(40), hosts: `x ${'a.'.repeat(120)}b ` },
      ...{ map5: { a: 1, b: 2, c: 3, d: 4, e: 5 } },
    },
    vars: {},
    now: '2026-02-18T09:05:00.000Z',
  };
}
