import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraph } from './parse.ts';

const seen = (text: string, format?: 'yaml' | 'json') =>
  parseGraph(text, { format }).problems.map(({ code, path, line, column }) => [code, path, line, column]);

const GOOD = 'blok: 1\nname: demo\nnodes:\n  a: { uses: set, with: { value: 1 } }\n';

describe('parseGraph', () => {
  it('reads YAML', () => {
    expect(parseGraph(GOOD)).toMatchObject({
      graph: { blok: 1, name: 'demo', nodes: { a: { uses: 'set', with: { value: 1 } } } },
      problems: [],
    });
  });

  it('reads JSON, whether declared or detected, also with a byte order mark', () => {
    const text = JSON.stringify(parseGraph(GOOD).graph);
    for (const given of [text, `\uFEFF${text}`, ` \n${text}`]) {
      expect(parseGraph(given)).toMatchObject({ graph: { name: 'demo' }, problems: [] });
    }
    expect(parseGraph(text, { format: 'json' }).problems).toEqual([]);
  });

  it('reads YAML that begins like JSON', () => {
    expect(parseGraph('{ blok: 1, name: demo, nodes: {} }')).toMatchObject({ graph: { name: 'demo' }, problems: [] });
  });

  it('keeps to the core schema: no dates, no yes and no', () => {
    const { graph } = parseGraph(
      'blok: 1\nname: d\nvars: { a: 2020-01-01, b: yes, c: 0x10, d: ~, e: 1.5, "f": "1" }\nnodes: {}',
    );
    expect(graph?.vars).toEqual({ a: '2020-01-01', b: 'yes', c: 16, d: null, e: 1.5, f: '1' });
  });

  it.each([
    ['anchor', 'blok: 1\nname: &a demo\nnodes: {}', 2, 7],
    ['alias', 'blok: 1\nname: demo\nnodes: *a', 3, 8],
    ['tag', 'blok: !!int 1\nname: demo', 1, 7],
    ['merge key', 'blok: 1\nname: demo\nnodes:\n  <<: {}', 4, 3],
    ['directive', '%YAML 1.1\n---\nblok: 1', 1, 1],
    ['second document', 'blok: 1\n---\nblok: 1', 2, 1],
  ])('refuses an %s with its place', (_, text, line, column) => {
    const { graph, problems } = parseGraph(text);
    expect(graph).toBeNull();
    expect(problems[0]).toMatchObject({ code: 'not-plain-yaml', line, column });
    expect(problems[0]?.hint).toBeTruthy();
  });

  it('allows what only looks like them', () => {
    const text =
      'blok: 1\nname: demo\ndescription: "*a &b !c"\nlabel: a & b * c ! d\nnodes:\n  a: { uses: set, label: "<<" }';
    expect(parseGraph(text).problems).toEqual([]);
  });

  it.each([
    ['yaml', 'blok: 1\nname: demo\nname: again\nnodes: {}', '/name', 3, 1],
    ['json', '{"blok": 1,\n "name": "a", "nodes": {"a": {"uses": "set",\n "uses": "if"}}}', '/nodes/a/uses', 3, 2],
  ] as const)('refuses duplicate keys in %s', (format, text, path, line, column) => {
    expect(seen(text, format)).toEqual([['duplicate-key', path, line, column]]);
  });

  it.each([
    ['{"blok": 1,}', 'comma before', 11],
    ["{'blok': 1}", 'key in double quotes', 2],
    ['{"a": \'b\'}', 'double quotes', 7],
    ['{"a": 01}', 'not a JSON number', 8],
    ['{"a": NaN}', '`NaN` is not a JSON value', 7],
    ['{"a": 1} x', 'after the end', 10],
    ['{"a": "b', 'closing double quote', 7],
    ['{"a": "\t"}', 'control character', 8],
    ['{"a": "\\x"}', 'not a JSON escape', 8],
    ['{"a": [1 2]}', 'A comma or `]`', 10],
    ['{"a" 1}', 'colon', 6],
    ['// c\n{}', 'no comments', 1],
    ['{"a":', 'ends where a value', 6],
    ['[1', 'ends before', 3],
  ])('says what is wrong with the JSON %s', (text, message, column) => {
    const { problems } = parseGraph(text, { format: 'json' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'syntax', column });
    expect(problems[0]?.message).toContain(message);
  });

  it('refuses JavaScript comments in JSON, which YAML would take for keys', () => {
    for (const text of ['{"blok": 1, // one\n"name": "a", "nodes": {}}', '{ /* a graph */ "blok": 1 }']) {
      expect(parseGraph(text).problems).toMatchObject([{ code: 'syntax', message: 'JSON has no comments.', line: 1 }]);
    }
    expect(parseGraph('{ blok: 1, name: a, nodes: {}, meta: /x }').problems).toEqual([]);
  });

  it('says that an empty document is empty', () => {
    for (const text of ['', '# nothing yet\n', 'null'])
      expect(parseGraph(text).problems).toMatchObject([{ code: 'bad-value', message: 'The document is empty.' }]);
  });

  it('says where the YAML is wrong, and names the usual mistake', () => {
    const { graph, problems } = parseGraph(
      'blok: 1\nname: demo\nnodes:\n  a: { uses: set, with: { value: ${{ input.x }} } }',
    );
    expect(graph).toBeNull();
    expect(problems[0]).toMatchObject({ code: 'syntax', line: 4, hint: 'Put texts with `${{ }}` in quotes.' });
  });

  it.each([
    ['blok: 2\nname: a\nnodes: {}', 'unsupported-language', '/blok', 1],
    ['name: a\nnodes: {}', 'unsupported-language', '/blok', 1],
    ['blok: 1\nname: a', 'missing-field', '/nodes', 1],
    ['blok: 1\nname: My Flow\nnodes: {}', 'bad-name', '/name', 2],
    ['blok: 1\nname: a\nnodes:\n  a: { uses: set, need: [b] }', 'unknown-key', '/nodes/a/need', 4],
    ['blok: 1\nname: a\nnodes:\n  1a: { uses: set }', 'bad-id', '/nodes/1a', 4],
    ['blok: 1\nname: a\nnodes:\n  a:\n    uses: set\n    timeout: 5', 'bad-value', '/nodes/a/timeout', 6],
    ['blok: 1\nname: a\nnodes:\n  a:\n    uses: set\n    timeout: 5 minutes', 'bad-duration', '/nodes/a/timeout', 6],
    ['blok: 1\nname: a\nnodes:\n  a: { uses: set, needs: [a b] }', 'bad-link', '/nodes/a/needs/0', 4],
    ['blok: 1\nname: a\nnodes:\n  a: { uses: Set! }', 'unknown-type', '/nodes/a/uses', 4],
    ['blok: 1\nname: a\nnodes:\n  a: { uses: set, join: some }', 'bad-value', '/nodes/a/join', 4],
    ['blok: 1\nname: a\nnodes:\n  a: { uses: set, priority: 9 }', 'bad-value', '/nodes/a/priority', 4],
    ['blok: 1\nname: a\nvars: { n: .inf }\nnodes: {}', 'bad-text', '/vars/n', 3],
    ['blok: 1\nname: a\nvars: { n: 12345678901234567890 }\nnodes: {}', 'bad-text', '/vars/n', 3],
    ['blok: 1\nname: a\nvars: { n: [1, { m: -9007199254740993 }] }\nnodes: {}', 'bad-text', '/vars/n/1/m', 3],
    ['blok: 1\nname: a\nvars: { n: 0x20000000000001 }\nnodes: {}', 'bad-text', '/vars/n', 3],
    ['blok: 1\nname: a\nvars: { n: 1e999 }\nnodes: {}', 'bad-text', '/vars/n', 3],
    ['{"blok":1,"name":"a",\n"meta":{"n":7615917337495251231},"nodes":{}}', 'bad-text', '/meta/n', 2],
    ['{"blok":1,"name":"a",\n"meta":{"n":-1e999},"nodes":{}}', 'bad-text', '/meta/n', 2],
    ['blok: 1\nname: a\nvars: { n: "\\ud800" }\nnodes: {}', 'bad-text', '/vars/n', 3],
    ['blok: 1\nname: a\nmeta: { __proto__: 1 }\nnodes: {}', 'bad-key', '/meta/__proto__', 3],
    ['blok: 1\nname: a\nmeta: { [a]: 1 }\nnodes: {}', 'bad-key', '/meta', 3],
    ['- a', 'bad-value', '', 1],
    ['', 'bad-value', '', 1],
  ])('reports %j as %s', (text, code, path, line) => {
    expect(seen(text).map((found) => found.slice(0, 3))).toContainEqual([code, path, line]);
  });

  it.each(['01234', '0755', '0049301234', '-012', '00', '007.5', '08', '+49301234', '+0049', '+.5'])(
    'refuses the number %s, of which a character would be lost, and says "quote it"',
    (source) => {
      const { problems } = parseGraph(`blok: 1\nname: a\nnodes: {}\nvars: { list: [1, ${source}] }`);
      expect(problems).toMatchObject([{ code: 'bad-text', path: '/vars/list/1', line: 4, column: 19 }]);
      expect(problems[0]?.message).toContain(source);
      expect(problems[0]?.hint).toContain(`Quote it, so that it is a text: "${source}"`);
    },
  );

  it('says "quote it" for a leading zero, which JSON numbers cannot have', () => {
    const text = '{"blok":1,"name":"a","nodes":{},\n"vars":{"postcode":-01234}}';
    const hint = expect.stringMatching(/quote it/i);
    expect(parseGraph(text).problems).toMatchObject([{ code: 'bad-text', path: '/vars/postcode', line: 2, hint }]);
    expect(parseGraph(text, { format: 'json' }).problems).toMatchObject([{ code: 'syntax', line: 2, hint }]);
  });

  it('takes numbers as YAML 1.2 spells them, and keys and texts as they are written', () => {
    const vars = '{ a: 0, b: -0.5, c: 0o17, d: 0x1F, e: 1.10, f: .5, g: 0e3, h: 1e20, 0755: "0755", i: 1_0, j: 01:30 }';
    expect(parseGraph(`blok: 1\nname: a\nnodes: {}\nvars: ${vars}`).graph?.vars).toEqual({
      ...{ a: 0, b: -0.5, c: 15, d: 31, e: 1.1, f: 0.5, g: 0, h: 1e20 },
      ...{ '0755': '0755', i: '1_0', j: '01:30' },
    });
  });

  it('reads every number again that JSON.stringify writes', () => {
    const meta = { a: 1e20, b: 2 ** 63, c: -(2 ** 53), d: 1e21, e: 5e-324 };
    const text = JSON.stringify({ blok: 1, name: 'a', nodes: {}, meta });
    for (const format of ['json', 'yaml'] as const) expect(parseGraph(text, { format }).graph?.meta).toEqual(meta);
  });

  it('guesses what an unknown field was meant to be', () => {
    const { problems } = parseGraph('blok: 1\nname: a\nnodes:\n  a: { uses: set, neds: [b] }');
    expect(problems[0]?.message).toBe('There is no field `neds` here. Did you mean `needs`?');
  });

  it('gives the graph with problems that leave it usable', () => {
    expect(parseGraph('blok: 1\nname: a\nnodes: {}\nfoo: 1').graph).not.toBeNull();
    expect(parseGraph('blok: 1\nname: a\nnodes: []').graph).toBeNull();
  });

  it('takes ids that are names of Object.prototype', () => {
    const text =
      'blok: 1\nname: a\nnodes:\n  constructor: { uses: set }\n  toString: { uses: set, needs: [constructor] }';
    expect(parseGraph(text).problems).toEqual([]);
  });

  it('locates later problems: maps at their key, values at themselves, missing values nearby', () => {
    const { source } = parseGraph('blok: 1\nname: a\nnodes:\n  a:\n    uses: set\n    with: { "x/y": [1, 2] }');
    expect(source?.locate('/nodes/a')).toEqual({ line: 4, column: 3 });
    expect(source?.locate('/nodes/a/uses')).toEqual({ line: 5, column: 11 });
    expect(source?.locate('/nodes/a/uses', 'key')).toEqual({ line: 5, column: 5 });
    expect(source?.locate('/nodes/a/with/x~1y/1')).toEqual({ line: 6, column: 24 });
    expect(source?.locate('/nodes/a/with/nope/deep')).toEqual({ line: 6, column: 5 });
    expect(source?.locate('')).toEqual({ line: 1, column: 1 });
  });

  it('has limits', () => {
    const nodes = Array.from({ length: 2001 }, (_, i) => `  n${i}: { uses: set }`).join('\n');
    expect(seen(`blok: 1\nname: a\nnodes:\n${nodes}`)[0]?.[0]).toBe('too-large');
    expect(parseGraph('é'.repeat(600_000)).problems[0]?.code).toBe('too-large');
    expect(parseGraph('x'.repeat(1_048_577)).problems[0]?.code).toBe('too-large');
  });

  const hostile: Record<string, string> = {
    'flow lists': '['.repeat(1_000_000),
    'flow maps': '{a: '.repeat(250_000),
    'block lists': '- '.repeat(5_000),
    'explicit keys': '? '.repeat(5_000),
    'indented maps': Array.from({ length: 1300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    anchors: '&a '.repeat(300_000),
    aliases: '*a '.repeat(300_000),
    tags: '! '.repeat(300_000),
    commas: `[${','.repeat(1_000_000)}`,
    'commas and lines': `[${',\n'.repeat(500_000)}`,
    'open quote': `"${'\\n\n'.repeat(300_000)}`,
    'many keys': Array.from({ length: 100_000 }, (_, i) => `k${i}:`).join('\n'),
    'empty keys': ': '.repeat(20_000),
    documents: '---\n'.repeat(10_000),
    directives: '%a\n'.repeat(300_000),
    'JSON lists': `{"a":${'['.repeat(500_000)}`,
  };
  it.each(Object.keys(hostile))('answers quickly to %s', (name) => {
    const start = performance.now();
    for (const format of ['yaml', 'json', undefined] as const) {
      const { graph, problems } = parseGraph(hostile[name]!, { format });
      expect(graph).toBeNull();
      expect(problems.length).toBeGreaterThan(0);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '&',
      '*',
      '!',
      '|',
      '>',
      '#',
      '?',
      '%',
      '---',
      '\t',
      '${{',
      '}}',
      '\\',
      '1',
      'blok: 1\n',
      '\ud800',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('yaml', 'json', undefined), (pieces, format) => {
        const { graph, problems } = parseGraph(pieces.join(''), { format });
        expect(graph === null && problems.length === 0).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back any JSON it is given as meta, in both formats', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (meta) => {
        const text = JSON.stringify({ blok: 1, name: 'a', nodes: {}, meta });
        if (
          text.includes('__proto__') ||
          !text.isWellFormed() ||
          /\\u[dD][89a-fA-F]/.test(text) ||
          /[0-9]{16}/.test(text)
        )
          return;
        for (const format of ['json', 'yaml'] as const) {
          if (format === 'yaml' && text.includes('"<<"')) continue;
          expect(parseGraph(text, { format }).graph?.meta).toEqual(JSON.parse(text).meta);
        }
      }),
    );
  });
});
