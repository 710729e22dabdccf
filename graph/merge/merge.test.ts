import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import { edit } from '../edit/index.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { mergeGraphs } from './index.ts';
import type { Merged } from './types.ts';

const read = (text: string): Graph => parseGraph(text).graph!;

const BASE = `
blok: 1
name: shop
vars: { percent: 5 }
nodes:
  load: { uses: http.request, with: { url: "https://a.example", method: GET } }
  pick:
    uses: switch
    needs: [load]
    with: { value: "\${{ nodes.load.body.kind }}", cases: [{ port: new, is: new }, { port: old, is: old }] }
  hello: { uses: log, needs: [pick.new], with: { message: "\${{ nodes.load.body.name }}" } }
  bye: { uses: log, needs: [pick.old], with: { message: bye } }
output: "\${{ nodes.load.body }}"
`;
const base = read(BASE);
const change = (...pairs: [string, string][]): Graph =>
  read(pairs.reduce((text, [from, to]) => text.replace(from, to), BASE));
const merge = (ours: Graph, theirs: Graph): Merged =>
  mergeGraphs({ base, ours, theirs }, { context: { catalogue: testCatalogue } });
const kinds = ({ conflicts }: Merged) => conflicts.map(({ kind, path }) => `${kind} ${path}`);

describe('a merge', () => {
  it('takes changes of both sides to one node', () => {
    const merged = merge(change(['method: GET', 'method: POST']), change(['https://a.example', 'https://b.example']));
    expect(merged.conflicts).toEqual([]);
    expect(merged.graph.nodes.load?.with).toEqual({ url: 'https://b.example', method: 'POST' });
  });

  it('reports a field that both changed, with what everybody says, and keeps what the favoured side says', () => {
    const [ours, theirs] = [change(['method: GET', 'method: POST']), change(['method: GET', 'method: PUT'])];
    const merged = merge(ours, theirs);
    expect(merged.conflicts).toEqual([
      { kind: 'changed', path: '/nodes/load/with/method', base: 'GET', ours: 'POST', theirs: 'PUT' },
    ]);
    expect(merged.graph.nodes.load?.with?.method).toBe('POST');
    expect(mergeGraphs({ base, ours, theirs }, { favour: 'theirs' }).graph.nodes.load?.with?.method).toBe('PUT');
  });

  it('merges links as a set', () => {
    const ours = edit(base, { do: 'link', from: 'pick.default', to: 'bye' }).graph;
    const theirs = edit(base, { do: 'link', from: 'load.error', to: 'bye' }).graph;
    const merged = mergeGraphs({ base, ours, theirs });
    expect(merged.conflicts).toEqual([]);
    expect(merged.graph.nodes.bye?.needs).toEqual(['pick.old', 'load.error', 'pick.default']);
  });

  it('follows a renaming into what the other side wrote', () => {
    const ours = edit(base, { do: 'renameNode', id: 'load', to: 'fetch' }).graph;
    const theirs = change(
      ['method: GET', 'method: POST'],
      ['  bye:', '  more: { uses: log, needs: [load], with: { message: "${{ nodes.load.status }}" } }\n  bye:'],
    );
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const merged = merge(one, other);
      expect(merged.conflicts).toEqual([]);
      expect(merged.graph.nodes).not.toHaveProperty('load');
      expect(merged.graph.nodes.fetch?.with?.method).toBe('POST');
      expect(merged.graph.nodes.more).toMatchObject({
        needs: ['fetch'],
        with: { message: '${{ nodes.fetch.status }}' },
      });
      expect(merged.graph.output).toBe('${{ nodes.fetch.body }}');
    }
  });

  it('reports two names for one node', () => {
    const ours = edit(base, { do: 'renameNode', id: 'load', to: 'fetch' }).graph;
    const theirs = edit(base, { do: 'renameNode', id: 'load', to: 'get' }).graph;
    const merged = merge(ours, theirs);
    expect(merged.conflicts).toEqual([
      { kind: 'renamed', path: '/nodes/fetch', base: 'load', ours: 'fetch', theirs: 'get' },
    ]);
    expect(merged.graph).toEqual(ours);
  });

  it('follows a node into a container, and out of one', () => {
    const ours = edit(base, {
      do: 'wrapNodes',
      ids: ['hello'],
      id: 'safe',
      container: { uses: 'try', catch: { nodes: {} } },
    }).graph;
    const theirs = change(['message: "${{ nodes.load.body.name }}"', 'message: hi']);
    const merged = merge(ours, theirs);
    expect(merged.conflicts).toEqual([]);
    expect(merged.graph.nodes.safe?.nodes?.hello?.with).toEqual({ message: 'hi' });
    const back = mergeGraphs({ base: ours, ours: base, theirs: merged.graph }, {});
    expect(back.conflicts).toEqual([]);
    expect(back.graph.nodes.hello?.with).toEqual({ message: 'hi' });
  });

  it('reports two containers that one node was moved into', () => {
    const wrap = (id: string) =>
      edit(base, { do: 'wrapNodes', ids: ['hello'], id, container: { uses: 'try', finally: { nodes: {} } } }).graph;
    expect(kinds(mergeGraphs({ base, ours: wrap('one'), theirs: wrap('two') }))).toEqual([
      'moved /nodes/one/nodes/hello',
    ]);
  });

  it('reports what one side deletes and the other changes, whichever way around', () => {
    const ours = edit(base, { do: 'removeNode', id: 'bye' }).graph;
    const theirs = change(['message: bye', 'message: ciao']);
    const merged = merge(ours, theirs);
    const node = { uses: 'log', needs: ['pick.old'], with: { message: 'ciao' } };
    expect(merged.conflicts).toEqual([{ kind: 'deleted', path: '/nodes/bye', base: base.nodes.bye, theirs: node }]);
    expect(merged.graph).toEqual(ours);
    const other = merge(theirs, ours);
    expect(other.conflicts).toEqual([{ kind: 'deleted', path: '/nodes/bye', base: base.nodes.bye, ours: node }]);
    expect(other.graph).toEqual(theirs);
  });

  it('reports a container once that one side deletes while the other works inside of it, and keeps it whole', () => {
    const loop = read(`
blok: 1
name: loop
nodes:
  each:
    uses: forEach
    with: { items: [1] }
    nodes:
      a: { uses: log, with: { message: a } }
      b: { uses: try, needs: [a], nodes: { c: { uses: log, with: { message: c } } }, finally: { nodes: {} } }
`);
    const gone = edit(loop, { do: 'removeNode', id: 'each' }).graph;
    const changed = edit(loop, {
      do: 'setParameter',
      path: '/nodes/each/nodes/b/nodes/c/with/message',
      value: 'x',
    }).graph;
    const added = edit(changed, { do: 'addNode', body: '/nodes/each', id: 'd', node: { uses: 'set' } }).graph;
    const merged = mergeGraphs({ base: loop, ours: gone, theirs: added });
    expect(kinds(merged)).toEqual(['deleted /nodes/each']);
    expect(merged.graph).toEqual(gone);
    expect(mergeGraphs({ base: loop, ours: gone, theirs: added }, { favour: 'theirs' }).graph).toEqual(added);
    expect(mergeGraphs({ base: loop, ours: added, theirs: gone }).graph).toEqual(added);
  });

  it('reports a catch that one side deletes while the other adds a node to it', () => {
    const tried = read(
      'blok: 1\nname: t\nnodes:\n  t: { uses: try, nodes: { a: { uses: log } }, catch: { nodes: {} }, finally: { nodes: {} } }\n',
    );
    const ours = edit(tried, { do: 'setParameter', path: '/nodes/t/catch' }).graph;
    const theirs = edit(tried, { do: 'addNode', body: '/nodes/t/catch', id: 'x', node: { uses: 'log' } }).graph;
    expect(kinds(mergeGraphs({ base: tried, ours, theirs }))).toEqual(['deleted /nodes/t/catch']);
    expect(mergeGraphs({ base: tried, ours, theirs }).graph).toEqual(ours);
    expect(mergeGraphs({ base: tried, ours: theirs, theirs: ours }).graph).toEqual(theirs);
  });

  it('reports two nodes that were added under one id, and takes one that both added alike', () => {
    const add = (message: string) =>
      edit(base, { do: 'addNode', id: 'x', node: { uses: 'log', with: { message } } }).graph;
    expect(kinds(merge(add('1'), add('2')))).toEqual(['added /nodes/x']);
    expect(merge(add('1'), add('1')).conflicts).toEqual([]);
  });

  it('takes a name that the other side gave to a new node for what it is: two nodes', () => {
    const ours = edit(base, { do: 'renameNode', id: 'bye', to: 'x' }).graph;
    const theirs = edit(base, { do: 'addNode', id: 'x', node: { uses: 'wait', with: { for: '1s' } } }).graph;
    expect(kinds(merge(ours, theirs))).toEqual(['added /nodes/x']);
    expect(merge(ours, theirs).graph).toEqual(ours);
  });

  it('does not move two containers into each other', () => {
    const pair = read('blok: 1\nname: p\nnodes: { a: { uses: try, nodes: {} }, b: { uses: try, nodes: {} } }\n');
    const inside = (outer: string, inner: string): Graph => ({
      ...pair,
      nodes: { [outer]: { uses: 'try', nodes: { [inner]: { uses: 'try', nodes: {} } } } },
    });
    const merged = mergeGraphs({ base: pair, ours: inside('a', 'b'), theirs: inside('b', 'a') });
    expect(merged.conflicts).not.toEqual([]);
    expect(merged.graph).toEqual(inside('a', 'b'));
  });

  it('refuses a result that is not valid although both sides are', () => {
    const ours = edit(base, { do: 'removeNode', id: 'bye' }).graph;
    const theirs = edit(base, {
      do: 'addNode',
      id: 'x',
      node: { uses: 'log', needs: ['bye'], with: { message: 'm' } },
    }).graph;
    const merged = merge(ours, theirs);
    expect(merged.conflicts).toMatchObject([
      { kind: 'invalid', path: '/nodes/x/needs/0', problem: { code: 'dangling-link' } },
    ]);
    const cycle = merge(
      edit(edit(base, { do: 'unlink', from: 'pick.old', to: 'bye' }).graph, { do: 'link', from: 'hello', to: 'bye' })
        .graph,
      edit(edit(base, { do: 'unlink', from: 'pick.new', to: 'hello' }).graph, { do: 'link', from: 'bye', to: 'hello' })
        .graph,
    );
    expect(kinds(cycle)).toContainEqual(expect.stringMatching(/^invalid/));
  });

  it('names errors that a side has already, and calls them no conflict', () => {
    const ours = edit(base, { do: 'setParameter', path: '/nodes/bye/uses', value: 'no.such' }).graph;
    const renamed = edit(ours, { do: 'renameNode', id: 'bye', to: 'tschuess' }).graph;
    const merged = merge(renamed, change(['method: GET', 'method: POST']));
    expect(merged.conflicts).toEqual([]);
    expect(merged.problems).toMatchObject([{ code: 'unknown-type', path: '/nodes/tschuess/uses' }]);
  });

  it('lets no drawing be a conflict', () => {
    const drawn = (x: number) => edit(base, { do: 'setParameter', path: '/nodes/bye/position', value: { x } }).graph;
    expect(merge(drawn(1), drawn(2))).toMatchObject({
      conflicts: [],
      graph: { nodes: { bye: { position: { x: 1 } } } },
    });
    const gone = edit(base, { do: 'removeNode', id: 'bye' }).graph;
    expect(merge(drawn(1), gone)).toMatchObject({ conflicts: [], graph: gone });
    const note = (x: number) => ({ ...base, notes: { n: { text: 'Look', position: { x } } } });
    const noted = mergeGraphs({ base: note(0), ours: note(1), theirs: note(2) });
    expect(noted).toMatchObject({ conflicts: [], graph: { notes: { n: { position: { x: 1 } } } } });
    expect(mergeGraphs({ base: note(0), ours: note(1), theirs: base })).toMatchObject({ conflicts: [], graph: base });
  });
});

describe('a merge of the largest graphs', () => {
  const chain = (prefix: string, first: string): Graph => ({
    blok: 1,
    name: 'large',
    nodes: Object.fromEntries(
      Array.from({ length: 1_999 }, (_, i) => [
        `${prefix}${i}`,
        {
          uses: 'log',
          ...(i > 0 ? { needs: [`${prefix}${i - 1}`] } : {}),
          with: { message: i === 0 ? first : `${i}` },
        },
      ]),
    ),
  });

  it('takes bounded time', () => {
    const started = performance.now();
    const merged = mergeGraphs({ base: chain('a', 'x'), ours: chain('b', 'x'), theirs: chain('a', 'y') });
    // Ours shares no id with the base, yet each node is found by what it says.
    expect(merged).toMatchObject({ conflicts: [], graph: { nodes: { b0: { with: { message: 'y' } } } } });
    mergeGraphs({ base: chain('a', 'x'), ours: chain('b', 'x'), theirs: chain('c', 'y') });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('the cases of a switch', () => {
  const cases = (list: string) => change(['[{ port: new, is: new }, { port: old, is: old }]', list]);
  const ports = ({ graph }: Merged) =>
    (graph.nodes.pick!.with!.cases as { port: string }[]).map(({ port }) => port).join(' ');
  const mergeCases = (ours: string, theirs: string) => mergeGraphs({ base, ours: cases(ours), theirs: cases(theirs) });

  it('are merged by their ports', () => {
    const merged = mergeCases(
      '[{ port: new, is: [new, fresh] }, { port: old, is: old }]',
      '[{ port: new, is: new }, { port: mid, is: mid }, { port: old, is: aged }]',
    );
    expect(merged.conflicts).toEqual([]);
    expect(merged.graph.nodes.pick?.with?.cases).toEqual([
      { port: 'new', is: ['new', 'fresh'] },
      { port: 'mid', is: 'mid' },
      { port: 'old', is: 'aged' },
    ]);
  });

  it('keep the order that one side gave them', () => {
    const merged = mergeCases(
      '[{ port: old, is: old }, { port: new, is: new }]',
      '[{ port: new, is: new }, { port: old, is: old }, { port: last, is: last }]',
    );
    expect([merged.conflicts, ports(merged)]).toEqual([[], 'old last new']);
  });

  it('that both added in one place are in order if no value matches two of them, and a conflict otherwise', () => {
    const with_ = (more: string) => `[{ port: new, is: new }, { port: old, is: old }, ${more}]`;
    const apart = mergeCases(with_('{ port: b, is: b }'), with_('{ port: a, is: a }'));
    expect([apart.conflicts, ports(apart)]).toEqual([[], 'new old a b']);
    const both = mergeCases(with_('{ port: b, is: [x, b] }'), with_('{ port: a, is: [x, a] }'));
    expect(both.conflicts).toMatchObject([{ kind: 'order', path: '/nodes/pick/with/cases' }]);
    const when = mergeCases(with_('{ port: b, when: true }'), with_('{ port: a, is: a }'));
    expect([kinds(when), ports(when)]).toEqual([['order /nodes/pick/with/cases'], 'new old b a']);
  });

  it('are a conflict if both sides turned them around differently, or changed one differently', () => {
    const three = `[{ port: a, is: a }, { port: b, is: b }, { port: c, is: c }]`;
    const turned = mergeGraphs({
      base: cases(three),
      ours: cases('[{ port: b, is: b }, { port: a, is: a }, { port: c, is: c }]'),
      theirs: cases('[{ port: c, is: c }, { port: a, is: a }, { port: b, is: b }]'),
    });
    expect([kinds(turned), ports(turned)]).toEqual([['order /nodes/pick/with/cases'], 'b a c']);
    const changed = mergeCases(
      '[{ port: new, is: x }, { port: old, is: old }]',
      '[{ port: new, is: y }, { port: old, is: old }]',
    );
    expect(kinds(changed)).toEqual(['changed /nodes/pick/with/cases/0/is']);
  });
});
