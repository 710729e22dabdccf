import { describe, expect, it } from 'vitest';
import { MAX_PROBLEMS } from '../limits.ts';
import { blocking } from '../problems/problem.ts';
import { testCatalogue } from './testing/validated.ts';
import { validateText } from './validate.ts';

const check = (graph: object) =>
  validateText(JSON.stringify({ blok: 1, name: 'x', ...graph }), { catalogue: testCatalogue }).problems;
const set = (value: unknown) => ({ uses: 'set', with: { value } });
const timed = <T>(work: () => T): { result: T; ms: number } => {
  const begun = performance.now();
  const result = work();
  return { result, ms: performance.now() - begun };
};

describe('a document with a broken shape', () => {
  it.each([null, 5, [], 'x', {}, { uses: 5 }, { uses: 'set', needs: 'a', nodes: [], catch: 1 }])(
    'is no reason to throw where the id is bad, too: %j',
    (node) => {
      const each = { uses: 'forEach', with: { items: [] }, nodes: { '2b': node } };
      const problems = check({ triggers: { '3c': node }, nodes: { '1a': node, each } });
      const places = (code: string) => problems.filter((found) => found.code === code).map(({ path }) => path);
      expect(places('bad-id').sort()).toEqual(['/nodes/1a', '/nodes/each/nodes/2b', '/triggers/3c']);
      expect(problems.length).toBeGreaterThan(5);
    },
  );

  it('is no reason to throw where more is wrong than is shown', () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`a${i}`, { ...set(1), odd: 1 }]));
    expect(check({ nodes: { ...many, z: null, y: {} } })).toHaveLength(MAX_PROBLEMS);
  });
});

describe('a document made to be slow', () => {
  it('may have a switch of thousands of cases, each with its node', () => {
    const cases = Array.from({ length: 15_000 }, (_, is) => ({ port: `p${is}`, is }));
    const after = Array.from({ length: 1_000 }, (_, i) => [
      `n${i}`,
      { ...set(1), join: 'any', needs: [`s.p${i}`, `s.p${i + 1}`] },
    ]);
    const nodes = { s: { uses: 'switch', with: { value: 1, cases } }, ...Object.fromEntries(after) };
    const { result, ms } = timed(() => check({ nodes }));
    expect(blocking(result)).toEqual([]);
    expect(ms).toBeLessThan(6_000);
  }, 60_000);

  it('is not searched for problems that would not be shown', () => {
    const { result, ms } = timed(() => check({ nodes: { a: set(Array(50_000).fill('${{ input. }}')) } }));
    expect(result).toHaveLength(MAX_PROBLEMS);
    expect(ms).toBeLessThan(6_000);
  }, 60_000);

  it.each([
    ['{{a', 300_000],
    ['<% a', 200_000],
    ['your-a-', 130_000],
    ['a-a.example', 90_000],
    ['https://hook', 80_000],
    ['?key=', 190_000],
    ['aB3', 300_000],
    ['nodes    ', 100_000],
    ['A ', 400_000],
  ])(
    'may repeat %j in its texts',
    (part, count) => {
      const text = part.repeat(count);
      const { ms } = timed(() => check({ vars: { [text.slice(0, 50_000)]: text.slice(50_000) }, nodes: {} }));
      expect(ms).toBeLessThan(6_000);
      const yaml = `blok: 1\nname: x\nnodes: {}\nlabel: ${text.slice(0, 900_000)}`;
      expect(timed(() => validateText(yaml, { catalogue: testCatalogue })).ms).toBeLessThan(6_000);
    },
    60_000,
  );

  it.each([
    ['refers to itself', { anyOf: [{ $ref: '#' }, { $ref: '#' }], allOf: [{ $ref: '#' }, { $ref: '#' }] }],
    ['has many branches', { anyOf: Array.from({ length: 2_000 }, (_, i) => ({ properties: { [`a${i}`]: {} } })) }],
    ['has many words', { type: 'object', properties: { a: { enum: Array.from({ length: 50_000 }, (_, i) => i) } } }],
  ])(
    'may read often an input whose schema %s',
    (_what, input) => {
      const reads = Array.from({ length: 8_000 }, (_, i) => `\${{ input.a == ${i} && input.b.c == 'x' }}`);
      const cases = Array.from({ length: 3_000 }, (_, i) => ({ port: `p${i}`, is: `${i}` }));
      const nodes = { a: set(reads), s: { uses: 'switch', with: { value: '${{ input.a }}', cases } } };
      expect(timed(() => check({ input, nodes })).ms).toBeLessThan(8_000);
    },
    60_000,
  );

  it('is not repeated in messages', () => {
    const long = 'k'.repeat(300_000);
    const problems = check({ [long]: 1, nodes: { [long]: set(1), a: { uses: long } } });
    expect(problems.length).toBeGreaterThan(2);
    for (const { message } of problems) expect(message.length).toBeLessThan(1_001);
  });
});
