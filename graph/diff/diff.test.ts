import { describe, expect, it } from 'vitest';
import { parseGraph } from '../document/parse.ts';
import type { Graph, GraphNode } from '../document/types.ts';
import { edit } from '../edit/index.ts';
import { diffGraphs, diffLines, diffMermaid } from './index.ts';

const read = (text: string): Graph => parseGraph(text).graph!;

const BEFORE = `
blok: 1
name: shop
triggers: { hook: { uses: webhook, with: { verify: none } } }
nodes:
  fetch: { uses: http.request, needs: [hook], with: { url: "https://a.example", method: GET }, position: { x: 1, y: 1 } }
  pick:
    uses: switch
    needs: [fetch]
    with: { value: "\${{ nodes.fetch.body.kind }}", cases: [{ port: new, is: new }, { port: old, is: old }] }
  tell: { uses: slack.sendMessage, connection: team, needs: [pick.new, pick.old], with: { channel: c, text: "\${{ nodes.fetch.body }}" } }
  note: { uses: log, needs: [tell], with: { message: done } }
output: "\${{ nodes.fetch }}"
`;
const before = read(BEFORE);
const lines = (a: Graph, b: Graph) => diffLines(diffGraphs(a, b)).map(({ mark, text }) => `${mark} ${text}`);

describe('the difference of two graphs', () => {
  it('is empty for the same graph, whatever the order of fields and links', () => {
    const shuffled = {
      ...before,
      nodes: Object.fromEntries(
        Object.entries(before.nodes)
          .reverse()
          .map(([id, node]) => [id, { ...node, ...(node.needs ? { needs: [...node.needs].reverse() } : {}) }]),
      ),
    };
    expect(diffGraphs(before, shuffled)).toEqual({ diff: 1, changes: [], layout: [] });
  });

  it('names added and removed nodes, links, parameters and fields of the graph', () => {
    const after = read(
      BEFORE.replace('method: GET', 'method: POST, json: { a: 1 }')
        .replace(
          '{ uses: log, needs: [tell], with: { message: done } }',
          '{ uses: log, needs: [pick.default], with: { message: done } }',
        )
        .replace('name: shop\n', 'name: shop\ntimeout: 1h\n')
        .replace('nodes:\n', 'nodes:\n  extra: { uses: wait, needs: [hook], with: { for: 5s } }\n'),
    );
    expect(diffGraphs(before, after).changes).toEqual([
      { what: 'field', change: 'added', path: '/timeout', of: '', after: '1h' },
      {
        what: 'node',
        change: 'added',
        path: '/nodes/extra',
        of: '/nodes/extra',
        after: { uses: 'wait', needs: ['hook'], with: { for: '5s' } },
      },
      {
        what: 'field',
        change: 'changed',
        path: '/nodes/fetch/with/method',
        of: '/nodes/fetch',
        before: 'GET',
        after: 'POST',
      },
      { what: 'field', change: 'added', path: '/nodes/fetch/with/json', of: '/nodes/fetch', after: { a: 1 } },
      { what: 'link', change: 'removed', path: '/nodes/note/needs', of: '/nodes/note', link: 'tell' },
      { what: 'link', change: 'added', path: '/nodes/note/needs', of: '/nodes/note', link: 'pick.default' },
    ]);
    expect(lines(after, before)).toEqual([
      '~ the graph',
      '-   timeout: "1h"',
      '~ fetch',
      '~   with.method: "POST" → "GET"',
      '-   with.json: {"a":1}',
      '~ note',
      '-   after pick.default',
      '+   after tell',
      '- extra (wait)',
    ]);
  });

  it('sees a renamed node as renamed, with nothing changed in links and expressions that follow', () => {
    const renamed = edit(before, { do: 'renameNode', id: 'fetch', to: 'load' }).graph;
    expect(diffGraphs(before, renamed).changes).toEqual([
      { what: 'node', change: 'renamed', path: '/nodes/load', was: '/nodes/fetch', of: '/nodes/load' },
    ]);
    const changed = edit(renamed, { do: 'setParameter', path: '/nodes/load/with/method', value: 'POST' }).graph;
    expect(lines(before, changed)).toEqual(['~ load', '~   renamed from fetch', '~   with.method: "GET" → "POST"']);
  });

  it('sees several renamed nodes at once, and takes no node for another that is as likely', () => {
    const first = edit(before, { do: 'renameNode', id: 'fetch', to: 'load' }).graph;
    const both = edit(first, { do: 'renameNode', id: 'tell', to: 'inform' }).graph;
    expect(lines(before, both).filter((line) => line.includes('renamed'))).toHaveLength(2);
    const twins = (...ids: string[]): Graph => ({
      blok: 1,
      name: 'x',
      nodes: Object.fromEntries(ids.map((id): [string, GraphNode] => [id, { uses: 'log', with: { message: 'm' } }])),
    });
    expect(lines(twins('a', 'b'), twins('c', 'd'))).toEqual(['+ c (log)', '+ d (log)', '- a (log)', '- b (log)']);
  });

  it('sees a node that went into a container as moved', () => {
    const wrapped = edit(before, { do: 'wrapNodes', ids: ['tell'], id: 'safe', container: { uses: 'try' } }).graph;
    expect(lines(before, wrapped)).toEqual([
      '+ safe (try)',
      '~ safe.tell',
      '~   moved from the graph to safe',
      '-   after pick.new',
      '-   after pick.old',
      '~ note',
      '-   after tell',
      '+   after safe',
    ]);
  });

  it('renames and changes triggers', () => {
    const after = read(
      BEFORE.replace('hook: {', 'shopHook: {')
        .replace('[hook]', '[shopHook]')
        .replace('verify: none', 'verify: github'),
    );
    expect(lines(before, after)).toEqual([
      '~ trigger shopHook',
      '~   renamed from hook',
      '~   with.verify: "none" → "github"',
    ]);
  });

  it('compares cases by their ports, unless their order changed', () => {
    const cases = (text: string) => read(BEFORE.replace('[{ port: new, is: new }, { port: old, is: old }]', text));
    const more = cases('[{ port: mid, is: mid }, { port: new, is: new }, { port: old, is: [old, aged] }]');
    expect(diffGraphs(before, more).changes).toMatchObject([
      { change: 'changed', path: '/nodes/pick/with/cases/2/is', before: 'old', after: ['old', 'aged'] },
      { change: 'added', path: '/nodes/pick/with/cases/0', after: { port: 'mid', is: 'mid' } },
    ]);
    const turned = cases('[{ port: old, is: old }, { port: new, is: new }]');
    expect(diffGraphs(before, turned).changes).toMatchObject([{ change: 'changed', path: '/nodes/pick/with/cases' }]);
  });

  it('keeps what is only drawn elsewhere apart', () => {
    const moved = edit(before, { do: 'setParameter', path: '/nodes/fetch/position/x', value: 9 }).graph;
    expect(diffGraphs(before, moved)).toMatchObject({
      changes: [],
      layout: [{ path: '/nodes/fetch/position', before: { x: 1 } }],
    });
    expect(lines(before, moved)).toEqual(['  (one thing is drawn elsewhere)']);
  });

  it('draws what was added, removed and changed', () => {
    const without = edit(before, { do: 'removeNode', id: 'note' }).graph;
    const added = edit(without, {
      do: 'addNode',
      id: 'last',
      node: { uses: 'wait', needs: ['tell'], with: { for: '1s' } },
    }).graph;
    const after = edit(added, { do: 'unlink', from: 'pick.old', to: 'tell' }).graph;
    const drawn = diffMermaid(before, after);
    expect(drawn).toContain('n_tell ==> n_last');
    expect(drawn).toContain('n_tell -.-> n_note');
    expect(drawn).toContain('n_pick -.->|"old"| n_tell');
    expect(drawn).toContain('n_pick -->|"new"| n_tell');
    for (const line of ['class n_tell changed', 'class n_last added', 'class n_note removed'])
      expect(drawn).toContain(line);
  });

  it('draws what is gone beside what has its id now', () => {
    const nodes = (text: string) => read(`blok: 1\nname: x\nnodes:\n${text}`);
    const one = nodes(
      '  a: { uses: wait, with: { for: 1s } }\n  c: { uses: try, nodes: { b: { uses: log, with: { message: m } } } }\n',
    );
    const other = nodes(
      '  a: { uses: wait, with: { for: 1s } }\n  b: { uses: log, with: { message: m } }\n  c: { uses: log, with: { message: c } }\n',
    );
    expect(diffMermaid(one, other)).toContain('n_b["b<br>log"]');
    expect(diffMermaid(other, one)).toMatch(/class n_b?/);
  });

  it('takes the largest graphs in bounded time, and draws only what is near a change', () => {
    const large = (prefix: string, value: number): Graph => ({
      blok: 1,
      name: 'large',
      nodes: Object.fromEntries(
        Array.from({ length: 1_999 }, (_, i): [string, GraphNode] => [
          `${prefix}${i}`,
          { uses: 'set', ...(i > 0 ? { needs: [`${prefix}${i - 1}`] } : {}), with: { value: i === 7 ? value : i } },
        ]),
      ),
    });
    const started = performance.now();
    expect(diffGraphs(large('a', 7), large('a', 8)).changes).toHaveLength(1);
    expect(diffMermaid(large('a', 7), large('a', 8)).split('\n').length).toBeLessThan(12);
    expect(diffGraphs(large('a', 7), large('b', 7)).changes).toHaveLength(1_999);
    expect(diffLines(diffGraphs(large('a', 7), { ...large('b', 8), nodes: {} })).length).toBeLessThan(1_010);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
