import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphHash } from '../document/hash.ts';
import { parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import { bodiesOf } from '../structure/bodies.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { validate } from '../validate/validate.ts';
import { edit } from './index.ts';

const read = (text: string): Graph => parseGraph(text).graph!;
const examples = readFileSync(new URL('../validate/testing/language-examples.yaml', import.meta.url), 'utf8')
  .split(/^---\n/m)
  .map(read);
const codes = (graph: Graph) =>
  validate(graph, { catalogue: testCatalogue }).map(({ code, path }) => `${code} ${path}`);

const graph = read(`
blok: 1
name: demo
triggers: { hook: { uses: webhook, with: { verify: none } } }
nodes:
  a: { uses: set, needs: [hook], with: { value: 1 } }
  b: { uses: set, needs: [a, a.error], with: { value: "\${{ nodes.a?.x }} \${{ nodes['a']?.y }} nodes.a \${{ errors.a?.code }}" } }
  c: { uses: set, needs: [b], with: { value: "\${{ nodes.b }}" } }
output: "\${{ nodes.c ?? nodes.a }}"
`);

describe('edit', () => {
  it('leaves the graph given as it is and shares what did not change', () => {
    const before = structuredClone(graph);
    const { graph: after } = edit(graph, { do: 'setParameter', path: '/nodes/a/with/value', value: 2 });
    expect(graph).toEqual(before);
    expect(after.nodes.a?.with?.value).toBe(2);
    expect(after.nodes.b).toBe(graph.nodes.b);
  });

  it('adds nodes, and refuses ids that are taken or mean something', () => {
    expect(Object.keys(edit(graph, { do: 'addNode', id: 'd', node: { uses: 'set' } }).graph.nodes)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    for (const [id, code] of [
      ['a', 'duplicate-id'],
      ['hook', 'duplicate-id'],
      ['out', 'reserved-id'],
      ['1', 'bad-id'],
    ] as const) {
      const result = edit(graph, { do: 'addNode', id, node: { uses: 'set' } });
      expect(result.problems?.[0]?.code).toBe(code);
      expect(result.graph).toBe(graph);
    }
  });

  it('removes a node with the links from it', () => {
    const { nodes } = edit(graph, { do: 'removeNode', id: 'a' }).graph;
    expect(nodes).not.toHaveProperty('a');
    expect(nodes.b).not.toHaveProperty('needs');
  });

  it('renames links and expressions, and nothing that only looks like them', () => {
    const { nodes, output } = edit(graph, { do: 'renameNode', id: 'a', to: 'first' }).graph;
    expect(Object.keys(nodes)).toEqual(['first', 'b', 'c']);
    expect(nodes.b?.needs).toEqual(['first', 'first.error']);
    expect(nodes.b?.with?.value).toBe(
      "${{ nodes.first?.x }} ${{ nodes['first']?.y }} nodes.a ${{ errors.first?.code }}",
    );
    expect(output).toBe('${{ nodes.c ?? nodes.first }}');
  });

  it('renames the ports of a race, and what a catch reads of its try', () => {
    const nested = read(`
blok: 1
name: demo
nodes:
  r: { uses: race, nodes: { x: { uses: set, with: { value: 1 } } } }
  after: { uses: set, needs: [r.x, r.error], with: { value: 1 } }
  t:
    uses: try
    nodes: { y: { uses: set, with: { value: 1 } } }
    catch: { if: "\${{ nodes.y == null }}", nodes: {}, output: "\${{ nodes.y?.z }}" }
    finally: { nodes: { w: { uses: log, with: { message: "\${{ nodes.y }}" } } } }
`);
    const versioned = edit(nested, { do: 'setParameter', path: '/nodes/r/uses', value: 'race@1' }).graph;
    const renamed = edit(versioned, { do: 'renameNode', body: '/nodes/r', id: 'x', to: 'won' }).graph;
    expect(renamed.nodes.after?.needs).toContain('r.won');
    const race = edit(nested, { do: 'renameNode', body: '/nodes/r', id: 'x', to: 'won' }).graph;
    expect(race.nodes.after?.needs).toEqual(['r.won', 'r.error']);
    expect(edit(nested, { do: 'removeNode', body: '/nodes/r', id: 'x' }).graph.nodes.after?.needs).toEqual(['r.error']);
    const tried = edit(nested, { do: 'renameNode', body: '/nodes/t', id: 'y', to: 'z1' }).graph.nodes.t;
    expect([tried?.catch?.if, tried?.catch?.output, tried?.finally?.nodes.w?.with?.message]).toEqual([
      '${{ nodes.z1 == null }}',
      '${{ nodes.z1?.z }}',
      '${{ nodes.z1 }}',
    ]);
    expect(edit(nested, { do: 'renameNode', body: '/nodes/t', id: 'y', to: 'r' }).problems?.[0]?.code).toBe(
      'duplicate-id',
    );
    expect(edit(nested, { do: 'renameNode', id: 'after', to: 'w' }).problems?.[0]?.code).toBe('duplicate-id');
    const triggered = { ...nested, triggers: { hook: { uses: 'call' } } };
    expect(edit(triggered, { do: 'renameNode', body: '/nodes/t', id: 'y', to: 'hook' }).problems?.[0]?.code).toBe(
      'duplicate-id',
    );
  });

  it('links and unlinks, once each', () => {
    const linked = edit(graph, { do: 'link', from: 'a.out', to: 'c' }).graph;
    expect(linked.nodes.c?.needs).toEqual(['b', 'a']);
    expect(edit(linked, { do: 'link', from: 'a', to: 'c' }).graph).toBe(linked);
    expect(graphHash(edit(linked, { do: 'unlink', from: 'a.out', to: 'c' }).graph)).toBe(graphHash(graph));
    expect(edit(graph, { do: 'link', from: 'nope', to: 'c' }).problems?.[0]?.code).toBe('dangling-link');
    expect(edit(graph, { do: 'link', from: 'a b', to: 'c' }).problems?.[0]?.code).toBe('bad-link');
  });

  it('sets and removes any value', () => {
    const set = edit(graph, { do: 'setParameter', path: '/nodes/a/with/deep/list', value: [] }).graph;
    expect(
      edit(set, { do: 'setParameter', path: '/nodes/a/with/deep/list/-', value: 'x' }).graph.nodes.a?.with,
    ).toEqual({ value: 1, deep: { list: ['x'] } });
    expect(edit(graph, { do: 'setParameter', path: '/nodes/a/with/value' }).graph.nodes.a?.with).toEqual({});
    for (const path of ['', '/name/x', '/nodes/b/needs/7', '/nodes/__proto__/x']) {
      expect(edit(graph, { do: 'setParameter', path, value: 1 }).problems?.[0]?.code).toBe('bad-value');
    }
  });

  it('takes no value that leaves something else than a graph', () => {
    for (const [path, value] of [
      ['/nodes', 7],
      ['/nodes/a', null],
      ['/nodes/b/needs', 'a'],
      ['/nodes/a/uses', undefined],
      ['/nodes', undefined],
    ] as const) {
      const result = edit(graph, { do: 'setParameter', path, ...(value === undefined ? {} : { value }) });
      expect(result.graph, path).toBe(graph);
      expect(result.problems?.[0]?.path, path).toMatch(path);
    }
    const bad = { uses: 'set', needs: 'a' } as never;
    expect(edit(graph, { do: 'addNode', id: 'd', node: bad }).problems?.[0]?.path).toBe('/nodes/d/needs');
    // Unfinished is not broken.
    expect(edit(graph, { do: 'setParameter', path: '/nodes/a/uses', value: 'no.such' }).problems).toBeUndefined();
  });

  it('says what it cannot find', () => {
    expect(edit(graph, { do: 'removeNode', id: 'aa' }).problems?.[0]).toMatchObject({ code: 'unknown-node' });
    expect(edit(graph, { do: 'removeNode', id: 'toString' }).problems?.[0]).toMatchObject({ code: 'unknown-node' });
    expect(
      edit(graph, { do: 'addNode', body: '/nodes/a', id: 'x', node: { uses: 'set' } }).problems?.[0],
    ).toMatchObject({ code: 'bad-value' });
  });

  it('wraps nodes in a container, with links and references through its border', () => {
    const { graph: after } = edit(graph, {
      do: 'wrapNodes',
      ids: ['a', 'b'],
      id: 'safe',
      container: { uses: 'try', finally: { nodes: {} } },
    });
    expect(after.nodes.safe).toMatchObject({
      uses: 'try',
      needs: ['hook'],
      nodes: { a: { uses: 'set' }, b: { needs: ['a', 'a.error'] } },
      output: { a: '${{ nodes.a }}', b: '${{ nodes.b }}' },
    });
    expect(after.nodes.safe?.nodes?.a).not.toHaveProperty('needs');
    expect(after.nodes.c).toMatchObject({ needs: ['safe'], with: { value: '${{ nodes.safe.b }}' } });
    expect(after.output).toBe('${{ nodes.c ?? nodes.safe.a }}');
    expect(codes(after)).toEqual([]);
  });

  it('gives a race its ports, and refuses to wrap around a node in between', () => {
    const { graph: race } = edit(graph, { do: 'wrapNodes', ids: ['b'], id: 'r', container: { uses: 'race' } });
    expect(race.nodes.c?.needs).toEqual(['r.b']);
    const handler = edit(graph, { do: 'link', from: 'b.error', to: 'c' }).graph;
    const { nodes } = edit(handler, { do: 'wrapNodes', ids: ['b'], id: 't', container: { uses: 'try' } }).graph;
    expect(nodes.c?.needs).toEqual(['t', 't.error']);
    expect(
      edit(graph, { do: 'wrapNodes', ids: ['a', 'c'], id: 'r', container: { uses: 'try' } }).problems?.[0]?.code,
    ).toBe('cycle');
  });

  it('renames any node of any example there and back to the same graph, never making a problem', () => {
    const places = examples.flatMap((example) =>
      bodiesOf(example).flatMap(({ path, body }) => Object.keys(body.nodes).map((id) => ({ example, path, id }))),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom('renamed', 'x', 'constructor', 'nodes', 'a_b_2'),
        ({ example, path, id }, to) => {
          const there = edit(example, { do: 'renameNode', body: path, id, to });
          expect(there.problems).toBeUndefined();
          expect(codes(there.graph).length).toBe(codes(example).length);
          const back = edit(there.graph, { do: 'renameNode', body: path, id: to, to: id });
          expect(graphHash(back.graph)).toBe(graphHash(example));
          expect(graphHash(there.graph)).not.toBe(graphHash(example));
        },
      ),
      { numRuns: 150 },
    );
  });
});
