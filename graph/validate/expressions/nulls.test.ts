/** Where a failure is certain, `error` and `errors.<id>` may be read without `?.`. */
import { describe, expect, it } from 'vitest';
import { nodes } from '../testing/graphs.ts';
import { testCatalogue } from '../testing/validated.ts';
import { validateText } from '../validate.ts';

const codes = (text: string): string[] =>
  validateText(text, { catalogue: testCatalogue })
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code} ${path}`);

const A = 'a: { uses: kv.get, timeout: 1s, with: { key: x } }';
const read = (what: string): string => `uses: set, with: { value: "\${{ ${what} }}" }`;

describe('no `?.` is needed', () => {
  it.each([
    ['for errors.a after its .error', nodes(A, `b: { needs: [a.error], ${read('errors.a.code')} }`)],
    [
      'for errors.a after its .error or .timeout',
      nodes(A, `b: { needs: [a.error, a.timeout], ${read('errors.a.code')} }`),
    ],
    ['for error after .error', nodes(A, `b: { needs: [a.error], ${read('error.code')} }`)],
    [
      'for error after one of several failures',
      nodes(
        A,
        'c: { uses: kv.get, needs: [a], with: { key: x } }',
        `b: { needs: [a.error, c.error], ${read('error.code')} }`,
      ),
    ],
    [
      'for error in the guard of such a node',
      nodes(A, `b: { uses: set, with: { value: 1 }, needs: [a.error], if: "\${{ error.code == 'x' }}" }`),
    ],
    [
      'for error inside a container that a failure starts',
      nodes(A, `b: { uses: forEach, needs: [a.error], with: { items: [1] }, nodes: { c: { ${read('error.code')} } } }`),
    ],
    [
      'for error in a catch',
      nodes(
        `t: { uses: try, nodes: {}, catch: { if: "\${{ error.code == 'x' }}", nodes: { b: { ${read('error.code')} } } } }`,
      ),
    ],
    [
      'for error in a catch, whatever starts the node',
      nodes(
        `t: { uses: try, nodes: {}, catch: { nodes: { k: { uses: kv.get, with: { key: x } }, b: { needs: [k, k.error], ${read('error.code')} } } } }`,
      ),
    ],
    [
      'for error in compensate',
      nodes(
        'a: { uses: kv.set, with: { key: x, value: 1 }, compensate: { uses: kv.set, with: { key: x, value: "${{ error.code }}" } } }',
      ),
    ],
    ['with ?.', nodes(A, `b: { needs: [a, a.error], ${read('error?.code + errors.a?.code')} }`)],
    [
      'where nothing is read of it',
      nodes(A, `b: { needs: [a, a.error], ${read('error == null && errors.a == null')} }`),
    ],
  ])('%s', (_where, text) => {
    expect(codes(text)).toEqual([]);
  });

  it('for members that a loop has', () => {
    const inner = `{ ${read('[loops.f.item.x, loops.f.index, loops.w.state.y, loops.w.index]')} }`;
    expect(
      codes(
        nodes(
          `f: { uses: forEach, with: { items: [] }, nodes: { w: { uses: while, with: { test: "\${{ index < 1 }}" }, nodes: { s: ${inner} }, output: "\${{ nodes.s }}" } } }`,
        ),
      ),
    ).toEqual([]);
  });
});

it('a link from .timeout beside onError: continue is not a problem: other failures leave by out', () => {
  const a = 'a: { uses: kv.get, timeout: 1s, onError: continue, with: { key: x } }';
  expect(
    codes(
      nodes(
        a,
        'b: { uses: set, needs: [a.timeout], with: { value: 1 } }',
        'c: { uses: set, needs: [a], with: { value: 1 } }',
      ),
    ),
  ).toEqual([]);
});
