import { describe, expect, it } from 'vitest';
import { MAX_EXPRESSION_SOURCE } from '../limits.ts';
import { compileValue, locateReferences, parseExpression, parseProblemCodes } from './index.ts';

const problemOf = (source: string) => {
  const parsed = parseExpression(source);
  if (parsed.ok) throw new Error(`${source} parses`);
  return parsed.problem;
};

const readsOf = (source: string) => {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.reads;
};

describe('parseExpression', () => {
  it('finds what an expression reads', () => {
    const reads = readsOf(
      "nodes.a.rows[0].id + nodes['b']?.x.y + nodes.a?.rows.map(r => r.z)[input.n] + (errors.c == null) + vars.p + loops.each.item + nodes.d",
    );
    expect(reads).toEqual({
      roots: ['nodes', 'input', 'errors', 'vars', 'loops'],
      nodes: { a: ['/rows/0/id', '/rows'], b: ['/x/y'], d: [''] },
      unguarded: [{ of: 'nodes', node: 'a', position: 8 }],
      errors: ['c'],
      vars: ['p'],
      loops: ['each'],
    });
  });

  it.each([
    ...[
      'nodes.a ? nodes.a.x : 0',
      '!nodes.a ? 0 : nodes.a.x',
      'nodes.a != null && nodes.a.x',
      'nodes.a == null || nodes.a.x',
    ],
    ...[
      "errors.a?.code == 'x' ? errors.a.message : 1",
      'error !== null && error.code',
      '!!errors.a && [errors.a.code]',
    ],
    ...['nodes.a && nodes.b ? nodes.a.x + nodes.b.x : 0', '!nodes.a || !nodes.b ? 0 : nodes.a.x + nodes.b.x'],
    ...["nodes.a == null ? 0 : input.n ? nodes.a.x : nodes['a'].y", 'nodes.a?.list.includes(1) && nodes.a.x'],
  ])('counts no read behind a test for null: %s', (source) => {
    expect(readsOf(source).unguarded).toEqual([]);
  });

  it.each([
    ...['nodes.a ? 0 : nodes.a.x', 'nodes.b ? nodes.a.x : 0', 'nodes.a || nodes.a.x', 'nodes.a != null || nodes.a.x'],
    ...['nodes.a !== undefined && nodes.a.x', 'nodes.a?.b !== null && nodes.a.x', 'input.n || nodes.a ? nodes.a.x : 0'],
    ...['nodes.a == null ? nodes.a.x : 0', "nodes.a?.code != 'x' ? nodes.a.x : 0", '(nodes.a ? 1 : 0) + nodes.a.x'],
  ])('counts a read that the test says nothing about: %s', (source) => {
    expect(readsOf(source).unguarded).toMatchObject([{ of: 'nodes', node: 'a' }]);
  });

  it('counts calls and computed members without ?. as unguarded', () => {
    expect(readsOf('nodes.a.map(x => x)').unguarded).toEqual([{ of: 'nodes', node: 'a', position: 8 }]);
    expect(readsOf('nodes.a[0]').unguarded).toEqual([{ of: 'nodes', node: 'a', position: 8 }]);
    expect(readsOf('nodes.a?.[0].b').unguarded).toEqual([]);
    expect(readsOf('nodes.a ?? 1').unguarded).toEqual([]);
    expect(readsOf('nodes.a ?? errors.a.message').unguarded).toEqual([]);
    expect(readsOf('nodes.a ?? nodes.b ?? errors.a.message').unguarded).toEqual([]);
    expect(readsOf('nodes.b ?? errors.a.message').unguarded).toMatchObject([{ of: 'errors', node: 'a' }]);
    expect(readsOf('errors.a.message ?? nodes.a').unguarded).toMatchObject([{ of: 'errors', node: 'a' }]);
    expect(readsOf('nodes.a.b ?? errors.a.message').unguarded).toMatchObject([{ of: 'nodes' }, { of: 'errors' }]);
    expect(readsOf('[...nodes.a]').unguarded).toEqual([{ of: 'nodes', node: 'a', position: 4 }]);
    expect(readsOf('({ ...nodes.a })').unguarded).toEqual([]);
  });

  it('does not mistake a parameter for a name in scope', () => {
    expect(readsOf('input.map(nodes => nodes.a)')).toMatchObject({ roots: ['input'], nodes: {} });
  });

  it.each([
    ['nodes', 'expression-unsupported'],
    ['nodes[input.id].x', 'expression-unsupported'],
    ['Object.keys(errors)', 'expression-unsupported'],
    ['foo.bar', 'unknown-name'],
    ['input.name.localeCompare("x")', 'unknown-function'],
    ['Math.random()', 'unknown-function'],
    ['Date.now()', 'unknown-function'],
    ['Math.floor', 'expression-unsupported'],
    ['Math', 'unknown-function'],
    ['input.list.map()', 'wrong-arguments'],
    ['Math.abs(1, 2)', 'wrong-arguments'],
    ['Math.abs(...input.list)', 'wrong-arguments'],
    ['input.list.map(1)', 'wrong-arguments'],
    ["date.add(now, 1, 'fortnight')", 'wrong-arguments'],
    ["date.get(now, 'constructor')", 'wrong-arguments'],
    ["date.add('2026-02-30', '1d')", 'wrong-arguments'],
    ["date.at(now, '25:00')", 'wrong-arguments'],
    ["date.parse(input.text, 'DD.MM.')", 'wrong-arguments'],
    ["date.startOf(now, 'day', 'Europe/Nowhere')", 'wrong-arguments'],
    ['1 +', 'expression-syntax'],
    ['', 'expression-syntax'],
    ['a b', 'unknown-name'],
    ['1 2', 'expression-syntax'],
    ["'open", 'expression-syntax'],
    ['9007199254740993', 'expression-number'],
    ['-7615917337495251231', 'expression-number'],
    ['input.list.map(x => x === 9_007_199_254_740_993)', 'expression-number'],
    ['{ 9007199254740993: 1 }', 'expression-number'],
    ['input.a[9007199254740993]', 'expression-number'],
    ['`order ${9007199254740993}`', 'expression-number'],
    ['0x20000000000001', 'expression-number'],
    ['1e400', 'expression-number'],
    ['0755', 'expression-number'],
    ['12n', 'expression-unsupported'],
  ])('refuses %s as %s', (source, code) => {
    const problem = problemOf(source);
    expect(problem.code).toBe(code);
    expect(Object.keys(parseProblemCodes)).toContain(code);
    expect(problem.position).toBeLessThanOrEqual(source.length);
    expect(problem.message).not.toMatch(/\(\d+:\d+\)/);
  });

  it('points at what is wrong, and says what to write', () => {
    expect(problemOf('input.a + Date.now()')).toEqual({
      code: 'unknown-function',
      message: 'There is no function Date.now.',
      hint: 'Use now (an ISO time), or Date.parse(now) for milliseconds.',
      position: 10,
    });
  });

  it('says "quote it" about a number that it would change', () => {
    expect(problemOf('input.id == 7615917337495251231')).toEqual({
      code: 'expression-number',
      message: 'The number 7615917337495251231 cannot be held exactly.',
      hint: 'Quote it, so that it is a text: "7615917337495251231".',
      position: 12,
    });
    expect(problemOf('[01234]')).toMatchObject({
      message: 'The number 01234 would lose its leading zero.',
      position: 1,
    });
    for (const source of ['9007199254740991', '1e20', '0.1', '0o17', '1_000', "'9007199254740993'"])
      expect(parseExpression(source).ok).toBe(true);
  });

  it('refuses expressions that are too long or nested too deeply', () => {
    const nested = (open: string, count: number, close: string) => `${open.repeat(count)}1${close.repeat(count)}`;
    const sources = [
      `'${'x'.repeat(MAX_EXPRESSION_SOURCE)}'`,
      `[${'1,'.repeat(MAX_EXPRESSION_SOURCE)}]`,
      nested('(', 4000, ')'),
      nested('[', 65, ']'),
      nested('[', 4000, ']'),
      nested('!', 8000, ''),
      nested('`${', 2000, '}`'),
      nested('input.a[', 70, ']'),
      nested('[1].map(x => ', 70, ')'),
      `${'1 - 1 + '.repeat(500)}1`,
    ];
    expect(sources.map((source) => problemOf(source).code)).toEqual(sources.map(() => 'expression-too-large'));
  });

  it('takes long chains that are not deep', () => {
    expect(parseExpression(Array(1000).fill('1').join(' + ')).ok).toBe(true);
    expect(parseExpression(`input${'.a'.repeat(2000)}`).ok).toBe(true);
    expect(parseExpression(`${'input.a ? 1 : '.repeat(300)}2`).ok).toBe(true);
  });

  it('makes a tree that survives JSON and stays within about three times the source', () => {
    const sources = [
      'nodes.last.value == null || Math.abs(nodes.price.usd / nodes.last.value - 1) * 100 >= vars.percent',
      "nodes.each.errors.map(e => `${nodes.customers.rows[e.index].email}: ${e.error.message}`).join('\\n')",
      "nodes.head?.comment ?? nodes.lead?.comment ?? 'Nobody decided in time.'",
      '[...state.messages, nodes.think.message, ...(nodes.tools?.results ?? []).filter(m => m != null)]',
    ];
    for (const source of sources) {
      const parsed = parseExpression(source);
      if (!parsed.ok) throw new Error(parsed.problem.message);
      expect(JSON.parse(JSON.stringify(parsed.ast))).toEqual(parsed.ast);
      expect(JSON.stringify(parsed.ast).length).toBeLessThan(3 * source.length);
    }
  });
});

describe('compileValue', () => {
  it('keeps constants whole', () => {
    const value = { a: [1, { b: 'plain }} text' }], c: null };
    expect(compileValue(value).template).toEqual(['v', value]);
  });

  it('finds the end of an expression by its grammar', () => {
    const { template, problems } = compileValue([
      '${{{a:{b:1}}}}',
      '${{ "}}" }}',
      '${{ `${"}}"}` }}',
      "x${{ '${{' }}y",
    ]);
    expect(problems).toEqual([]);
    expect(template).toMatchObject([
      'l',
      [
        ['e', {}, '{a:{b:1}}'],
        ['e', {}, '"}}"'],
        ['e', {}, '`${"}}"}`'],
        ['t', ['x', ['e', {}, "'${{'"], 'y']],
      ],
    ]);
  });

  it('treats an expression that is alone in its text as a value, otherwise as text', () => {
    const { template } = compileValue({ alone: ' ${{ input.a }}\n', text: '${{ input.a }}${{ input.b }}' });
    expect(template[1]).toMatchObject([
      ['alone', ['e', {}, 'input.a']],
      ['text', ['t', [{}, {}]]],
    ]);
  });

  it('reports each problem with its path and its offset in the text', () => {
    const { problems } = compileValue({
      'a/b': ['ok', 'x ${{ 1 + }}'],
      c: '${{ input.a',
      d: '${{ }}',
      e: '${{ foo }} ${{ bar }}',
    });
    expect(problems).toMatchObject([
      { path: '/a~1b/1', code: 'expression-syntax', position: 10 },
      { path: '/c', code: 'expression-unclosed', position: 11 },
      { path: '/d', code: 'expression-syntax', position: 0 },
      { path: '/e', code: 'unknown-name', position: 4 },
    ]);
  });

  it('sums up what all its expressions read, with paths and offsets in their texts', () => {
    const { reads, references } = compileValue({ a: 'x ${{ nodes.n.v }}', b: ['${{ nodes.n?.w }}', '${{ vars.p }}'] });
    expect(reads).toMatchObject({ roots: ['nodes', 'vars'], nodes: { n: ['/v', '/w'] }, vars: ['p'] });
    expect(reads.unguarded).toEqual([{ of: 'nodes', node: 'n', position: 14, path: '/a' }]);
    expect(references).toEqual([
      { kind: 'nodes', id: 'n', start: 12, end: 13, path: '/a' },
      { kind: 'nodes', id: 'n', start: 10, end: 11, path: '/b/0' },
      { kind: 'vars', id: 'p', start: 9, end: 10, path: '/b/1' },
    ]);
  });

  it('reads a megabyte of expressions in linear time', () => {
    const text = '${{ input.a }} '.repeat(70_000);
    const started = performance.now();
    expect(compileValue(text).problems).toEqual([]);
    const open = compileValue('${{ "'.repeat(200_000));
    expect(open.problems).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('locateReferences', () => {
  it('gives the offsets of ids alone, so that they can be replaced', () => {
    const text =
      "a ${{ nodes.one.nodes + nodes['two']?.x }} ${{ [1].map(nodes => nodes.one) }} ${{ errors . one }} nodes.one";
    const found = locateReferences(text);
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['one', 'two', 'one']);
    expect(found.map(({ kind }) => kind)).toEqual(['nodes', 'nodes', 'errors']);
    expect(locateReferences('${{ nodes.a + }}')).toEqual([]);
  });
});
