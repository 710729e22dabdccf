import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../document/types.ts';
import { blocking } from '../problems/problem.ts';
import { findSecrets } from './checks/secrets.ts';
import { testCatalogue } from './testing/validated.ts';
import { validate, validateText } from './validate.ts';

const check = (text: string) =>
  blocking(validateText(text, { catalogue: testCatalogue }).problems).map(
    ({ code, path, message }) => `${code} ${path} ${message}`,
  );

describe('scope', () => {
  it('has the names of loops inside them, at any depth', () => {
    expect(
      check(`
blok: 1
name: demo
input: { type: object }
nodes:
  before: { uses: http.request, with: { url: x } }
  outer:
    uses: forEach
    needs: [before]
    with: { items: "\${{ nodes.before.body }}", concurrency: "\${{ input.n }}" }
    nodes:
      first: { uses: set, with: { value: "\${{ [item, index, loops.outer.item, nodes.before.x] }}" } }
      inner:
        uses: while
        needs: [first]
        with: { state: { n: "\${{ item.n }}" }, test: "\${{ state.n > index && item.more }}", max: unlimited }
        nodes:
          second: { uses: set, with: { value: "\${{ [item, index, state.n, loops.outer.index, loops.inner.state, nodes.first, nodes.before] }}" } }
          kept: { uses: filter, needs: [second], with: { items: "\${{ nodes.second }}", test: "\${{ item > index }}" } }
        output: { n: "\${{ nodes.second[0] + state.n }}" }
    output: "\${{ nodes.inner.n }}"
output: "\${{ nodes.outer.results.length }}"
`),
    ).toEqual([]);
  });

  it('has the error where a failure is handled, also inside containers there', () => {
    expect(
      check(`
blok: 1
name: demo
nodes:
  a:
    uses: http.request
    timeout: 5s
    with: { url: x }
    compensate: { uses: http.request, with: { url: "\${{ error.code }} \${{ nodes.a?.id }}" } }
  told: { uses: log, needs: [a.error, a.timeout], if: "\${{ error.code != 'x' }}", with: { message: "\${{ error.message }}" } }
  t:
    uses: try
    needs: [a]
    nodes: { b: { uses: http.request, with: { url: "\${{ nodes.a.x }}" } } }
    catch:
      if: "\${{ error.code == 'http.404' && nodes.b == null }}"
      nodes:
        each: { uses: forEach, with: { items: [1] }, nodes: { c: { uses: log, with: { message: "\${{ error.code }} \${{ nodes.b?.x }} \${{ nodes.a.x }}" } } } }
      output: "\${{ error.code }}"
    finally: { nodes: { d: { uses: log, with: { message: "\${{ error?.code }}" } } } }
  asked:
    uses: approval
    needs: [t]
    with: { to: ["user:x"], title: x }
    notify: { uses: http.request, with: { url: "\${{ resume.url }} \${{ nodes.t }}" } }
`),
    ).toEqual([]);
  });

  it('knows that a failure nothing handles ends the body', () => {
    expect(
      check(`
blok: 1
name: demo
nodes:
  a: { uses: http.request, with: { url: x } }
  big: { uses: if, needs: [a], with: { test: "\${{ nodes.a.n > 1 }}" } }
  bad: { uses: fail, needs: [big.true], with: { message: "\${{ nodes.a.n }} is too many" } }
  ok: { uses: http.request, needs: [big.false], with: { url: "\${{ nodes.a.url }}" } }
output: "\${{ nodes.ok.body }}"
`),
    ).toEqual([]);
  });

  it('does not take an id inside one container for that in another', () => {
    expect(
      check(`
blok: 1
name: demo
nodes:
  a: { uses: forEach, with: { items: [] }, nodes: { x: { uses: set, with: { value: 1 } } }, output: "\${{ nodes.x }}" }
  b: { uses: forEach, needs: [a], with: { items: [] }, nodes: { x: { uses: set, with: { value: 1 } } }, output: "\${{ nodes.x }}" }
`),
    ).toEqual([]);
  });
});

describe('problems of expressions', () => {
  it('carry the code of the parser, and the place of the text', () => {
    const { problems } = validateText(
      'blok: 1\nname: demo\nnodes:\n  a:\n    uses: set\n    with:\n      value: { deep: ["${{ 1 + }}"] }',
      { catalogue: testCatalogue },
    );
    expect(blocking(problems)).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'expression-syntax', path: '/nodes/a/with/value/deep/0', line: 7 });
  });
});

describe('validate', () => {
  it('never throws, whatever it is given', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const node = fc.record(
      {
        uses: fc.constantFrom(
          'set',
          'if',
          'switch',
          'forEach',
          'while',
          'race',
          'try',
          'wait',
          'approval',
          'sort',
          'aggregate',
          'merge',
          'workflow.run',
          'http.request',
          'stop',
          'fail',
          'x.y',
        ),
        needs: fc.array(fc.constantFrom('a', 'b.true', 'c.error', 'toString', 'd.timeout'), { maxLength: 3 }),
        with: fc.dictionary(
          fc.constantFrom(
            'items',
            'test',
            'value',
            'cases',
            'by',
            'fields',
            'groupBy',
            'key',
            'workflow',
            'for',
            'form',
            'state',
          ),
          fc.oneof(value, fc.constantFrom('${{ nodes.a.x }}', '${{ item', '${{ loops.b.item }}')),
        ),
        join: fc.constantFrom('any', 'all'),
        timeout: fc.constantFrom('1s', '0s', 'x'),
        nodes: fc.constant({ e: { uses: 'set' }, a: { uses: 'log', needs: ['e.error'] } }),
        catch: fc.constant({ nodes: {} }),
        compensate: fc.constant({ uses: 'kv.set' }),
      },
      { requiredKeys: ['uses'] },
    );
    const graph = fc.record({
      blok: fc.constant(1),
      name: fc.constant('x'),
      nodes: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'constructor', 'out'), node),
      output: value,
    });
    fc.assert(
      fc.property(fc.oneof(graph, value), (any) => {
        for (const { code, message, path } of validate(any as unknown as Graph, { catalogue: testCatalogue })) {
          expect(code).toMatch(/^[a-z-]+$/);
          expect(message.length).toBeGreaterThan(5);
          expect(path === '' || path.startsWith('/')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reports shape problems too, for graphs that never were text', () => {
    expect(
      validate({ blok: 1, name: 'x', nodes: {}, extra: 1 } as never, { catalogue: testCatalogue })[0],
    ).toMatchObject({ code: 'unknown-key', path: '/extra' });
    expect(validate(undefined as never, { catalogue: testCatalogue })).toHaveLength(1);
    const loop: Record<string, unknown> = { blok: 1, name: 'x', nodes: {} };
    loop.meta = loop;
    expect(validate(loop as never, { catalogue: testCatalogue })[0]?.code).toBe('too-large');
  });

  it('takes a graph of two thousand nodes within seconds', () => {
    const nodes: Record<string, unknown> = { start: { uses: 'http.request', with: { url: 'x' } } };
    for (let i = 0; i < 600; i += 1) {
      nodes[`if${i}`] = { uses: 'if', needs: ['start'], with: { test: '${{ nodes.start.a > 1 }}' } };
      nodes[`yes${i}`] = {
        uses: 'set',
        needs: [`if${i}.true`],
        with: { value: `\${{ nodes.if${i} || nodes.start.b }}` },
      };
      nodes[`end${i}`] = {
        uses: 'set',
        needs: [`yes${i}`, `if${i}.false`],
        with: { value: `\${{ nodes.yes${i}?.x }}` },
      };
    }
    nodes.all = { uses: 'log', needs: Array.from({ length: 600 }, (_, i) => `end${i}`), with: { message: 'done' } };
    const start = performance.now();
    expect(blocking(validate({ blok: 1, name: 'x', nodes } as never, { catalogue: testCatalogue }))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('answers in time on a graph made to be intricate', () => {
    const nodes: Record<string, unknown> = {};
    for (let i = 0; i < 100; i += 1) nodes[`x${i}`] = { uses: 'if', with: { test: '${{ input.x }}' } };
    for (let i = 0; i < 900; i += 1)
      nodes[`y${i}`] = {
        uses: 'log',
        join: 'all',
        needs: [`x${i % 100}.true`, `x${(i * 37 + 11) % 100}.false`],
        with: { message: 'x' },
      };
    nodes.all = { uses: 'log', needs: Array.from({ length: 900 }, (_, i) => `y${i}`), with: { message: 'x' } };
    const start = performance.now();
    const codes = validate({ blok: 1, name: 'x', nodes } as never, { catalogue: testCatalogue }).map(
      ({ code, path }) => `${code} ${path}`,
    );
    expect(codes).toContain('join-unclear /nodes/all/needs');
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('findSecrets', () => {
  const found = (value: Parameters<typeof findSecrets>[0]) => findSecrets(value, '').map(({ path }) => path);

  it('finds keys and tokens by form and by name', () => {
    expect(
      found({
        a: ['AKIAABCDEFGHIJKLMNOP'],
        b: { password: 'hunter22' },
        c: `ghp_${'a'.repeat(36)}`,
        Cookie: 'sid=12345',
      }),
    ).toEqual(['/a/0', '/b/password', '/c', '/Cookie']);
    expect(found({ authorization: 'Basic ${{ vars.user }}:secret99' })).toEqual(['/authorization']);
    expect(found('-----BEGIN RSA PRIVATE KEY-----')).toEqual(['']);
  });

  it('leaves the innocent alone', () => {
    expect(
      found({
        token: 'USDC',
        key: 'last-event',
        password: '${{ input.password }}',
        Authorization: 'Bearer ${{ nodes.login.token }}',
        secret: '',
        url: 'https://x.example/a:b@c',
        text: 'your api_key is in the mail',
        apiKey: null,
      }),
    ).toEqual([]);
  });
});
