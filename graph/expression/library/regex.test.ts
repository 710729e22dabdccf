import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, newFuel, parseExpression } from '../index.ts';
import { compilePattern, matchesIn, programOf } from './regex-program.ts';

function run(source: string, input: unknown = null): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(`${parsed.problem.code}: ${parsed.problem.message}`);
  return evaluate(parsed.ast, { input }, newFuel());
}

/** Patterns in which RE2 and JavaScript agree. */
const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', 'é', '😀'),
    fc.tuple(fc.constantFrom('(', '(?:'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
  ),
  pattern: fc
    .array(
      fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '*?', '{1,3}')).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .chain((parts) =>
      fc.constantFrom(parts.join(''), `^${parts.join('')}`, `${parts.join('')}|b`, `${parts.join('')}$`),
    ),
}));

describe('regular expressions', () => {
  it('match what JavaScript matches, groups and all', () => {
    // RE2 and JavaScript differ in the contents of a group that a repetition passes several times, or with no text.
    const plain = (text: string) => !/[)][*+?{]/.test(text);
    fc.assert(
      fc.property(
        pattern.filter(plain),
        fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', 'é', '😀'), { maxLength: 12 }).map((parts) => parts.join('')),
        (source, text) => {
          const real = [...text.matchAll(new RegExp(source, 'gu'))].map((match) =>
            [...match].map((group) => group ?? null),
          );
          expect(run('regex.matchAll(input.text, input.source)', { source, text })).toEqual(real);
          expect(run('regex.test(input.text, input.source)', { source, text })).toBe(real.length > 0);
          expect(run('regex.match(input.text, input.source)', { source, text })).toEqual(real[0] ?? null);
          expect(run("regex.replace(input.text, input.source, '<$&>')", { source, text })).toBe(
            text.replace(new RegExp(source, 'gu'), '<$&>'),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["regex.test('AB', 'b', 'i')", true],
    ["regex.match('a\\nb', '^b$', 'm')", ['b']],
    ["regex.match('a\\nb', 'a.b', 's')", ['a\nb']],
    ["regex.match('x', '(a)?x')", ['x', null]],
    ["regex.match('x', 'y')", null],
    ["regex.matchAll('abc', '')", [[''], [''], [''], ['']]],
    ["regex.match('k=v', '(?<key>\\\\w)=(?<value>\\\\w)')", ['k=v', 'k', 'v']],
    ["regex.replace('a1b22', '\\\\d+', '#')", 'a#b#'],
    ["regex.replace('ab', '(a)(b)', '$2$1$3$$')", 'ba$3$'],
    ["regex.replace('abc', '', '-')", '-a-b-c-'],
    ["regex.test(5, '5')", true],
  ])('%s', (source, expected) => {
    expect(run(source)).toEqual(expected);
  });

  it.each([
    ["regex.test('a', '(?=a)')", 'look-around'],
    ["regex.test('a', '(a')", 'Not a regular expression'],
    ["regex.test('a', 'a{1000}')", 'too large'],
    ["regex.test('a', 'a', 'x')", 'Flags are'],
    ["regex.test('a', 5)", 'A pattern is a text'],
    ["regex.test('a', '\\d')", 'a backslash is written twice'],
    ["regex.test('a', '\\b')", 'a backslash is written twice'],
  ])('%s is a problem: %s', (source, message) => {
    expect(() => run(source)).toThrow(message);
  });

  it('take time that grows with the text, and stop when it has been paid for', () => {
    const hard = ['(a*)*b', '(a|aa)+$', '(x+x+)+y', '(?:a?){50}a{50}', 'a.*?z|a', '(a{0,12}){0,12}b', '(\\w+\\s?)*!'];
    const texts = ['a'.repeat(1_000_000), 'ab '.repeat(300_000), `${'a'.repeat(20_000)}b`, 'x'.repeat(100_000)];
    for (const source of hard) {
      for (const text of texts) {
        for (const call of ['test(input.text, input.source)', "replace(input.text, input.source, 'aaaa')"]) {
          const started = process.threadCpuUsage();
          try {
            run(`regex.${call}`, { source, text });
          } catch (error) {
            expect(error).toHaveProperty('reason', expect.stringMatching(/^(fuel|too-large)$/));
          }
          const { user, system } = process.threadCpuUsage(started);
          // Four times the limit on a quiet machine, because other tests run at the same time.
          expect((user + system) / 1000, `${call} ${source}`).toBeLessThan(200);
        }
      }
    }
  });

  it('cost the same whether they were compiled before or not', () => {
    const used = () => {
      const fuel = newFuel();
      [...matchesIn(fuel, programOf(fuel, 'never-seen-[0-9]+', undefined), 'never-seen-1')];
      return newFuel().left - fuel.left;
    };
    const first = used();
    expect(used()).toBe(first);
    expect(first).toBeLessThan(1000);
  });

  it('are kept small: by the number of patterns, and by their size', () => {
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200; index += 1) compilePattern(`\\pL{150}|${index}`, 0);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    expect(() => compilePattern('a'.repeat(501), 0)).toThrow('at most 500 characters');
  });
});
