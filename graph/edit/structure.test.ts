import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphHash } from '../document/hash.ts';
import { parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import { bodiesOf } from '../structure/bodies.ts';
import { testCatalogue } from '../validate/testing/validated.ts';
import { validate } from '../validate/validate.ts';
import { type Command, edit } from './index.ts';

const read = (text: string): Graph => parseGraph(text).graph!;
const errorsOf = (graph: Graph) =>
  validate(graph, { catalogue: testCatalogue }).filter(({ severity }) => severity === 'error');
const edited = (graph: Graph, command: Command): Graph => {
  const { graph: next, problems } = edit(graph, command);
  expect(problems).toBeUndefined();
  return next;
};
const codeOf = (graph: Graph, command: Command) => edit(graph, command).problems?.[0]?.code;

const graph = read(`
blok: 1
name: demo
triggers: { hook: { uses: webhook, with: { verify: none } } }
nodes:
  a: { uses: set, needs: [hook], with: { value: { x: 1 } } }
  b: { uses: set, needs: [a], with: { value: "\${{ nodes.a.x }}" } }
  c: { uses: log, needs: [b], with: { message: "\${{ nodes.b }}" } }
  t:
    uses: try
    needs: [a]
    nodes: { d: { uses: log, with: { message: d } } }
    catch: { nodes: { e: { uses: log, with: { message: e } } } }
`);

describe('pasting', () => {
  it('adds nodes under ids that are free, also in their links and expressions', () => {
    const pasted = edited(graph, {
      do: 'addNodes',
      nodes: {
        b: { uses: 'set', needs: ['a', 'gone'], with: { value: 1 } },
        d: { uses: 'log', needs: ['b'], with: { message: '${{ nodes.b }} ${{ nodes.a.x }}' } },
        new: { uses: 'try', nodes: { a: { uses: 'log', with: { message: 'in' } } }, finally: { nodes: {} } },
      },
    });
    expect(pasted.nodes.b2).toMatchObject({ needs: ['a'] });
    expect(pasted.nodes.d2).toMatchObject({ needs: ['b2'], with: { message: '${{ nodes.b2 }} ${{ nodes.a.x }}' } });
    expect(Object.keys(pasted.nodes.new?.nodes ?? {})).toEqual(['a2']);
    expect(errorsOf(pasted).filter(({ code }) => code === 'duplicate-id')).toEqual([]);
    const twice = edited(pasted, {
      do: 'addNodes',
      body: '/nodes/t',
      nodes: { b: { uses: 'set' }, f: { uses: 'set' } },
    });
    expect(Object.keys(twice.nodes.t?.nodes ?? {})).toEqual(['d', 'b3', 'f']);
  });

  it('refuses ids that are none', () => {
    expect(codeOf(graph, { do: 'addNodes', nodes: { 'a b': { uses: 'set' } } })).toBe('bad-id');
  });
});

describe('moving', () => {
  it('takes nodes and the links among them into another body, and leaves out links across its border', () => {
    const moved = edited(graph, { do: 'moveNodes', ids: ['b', 'c'], to: '/nodes/t/catch' });
    expect(moved.nodes.t?.catch?.nodes).toEqual({
      e: graph.nodes.t?.catch?.nodes.e,
      b: { uses: 'set', with: { value: '${{ nodes.a.x }}' } },
      c: graph.nodes.c,
    });
    expect(Object.keys(moved.nodes)).toEqual(['a', 't']);
    const back = edited(moved, { do: 'moveNodes', body: '/nodes/t/catch', ids: ['b', 'c'], to: '' });
    expect(graphHash(edited(back, { do: 'link', from: 'a', to: 'b' }))).toBe(graphHash(graph));
  });

  it('refuses to move a container into itself, or a node to where its id is taken', () => {
    expect(codeOf(graph, { do: 'moveNodes', ids: ['t'], to: '/nodes/t/catch' })).toBe('bad-value');
    expect(codeOf(graph, { do: 'moveNodes', ids: ['a'], to: '/nodes/b' })).toBe('bad-value');
    expect(codeOf(graph, { do: 'moveNodes', ids: ['nope'], to: '/nodes/t' })).toBe('unknown-node');
    const twice = edited(graph, { do: 'addNode', body: '/nodes/t', id: 'f', node: { uses: 'set' } });
    const other = edited(twice, { do: 'addNode', body: '/nodes/t/catch', id: 'g', node: { uses: 'set' } });
    expect(codeOf(other, { do: 'moveNodes', body: '/nodes/t', ids: ['f'], to: '/nodes/t' })).toBeUndefined();
  });
});

describe('unwrapping', () => {
  const examples = readFileSync(new URL('../validate/testing/language-examples.yaml', import.meta.url), 'utf8')
    .split(/^---\n/m)
    .map(read);

  it('undoes wrapping, wherever a node stands and whatever reads it', () => {
    const places = examples.flatMap((example) =>
      bodiesOf(example).flatMap(({ path, body }) => Object.keys(body.nodes).map((id) => ({ example, body: path, id }))),
    );
    let same = 0;
    for (const { example, body, id } of places) {
      const wrapped = edited(example, { do: 'wrapNodes', body, ids: [id], id: 'wrapped', container: { uses: 'try' } });
      const back = edited(wrapped, { do: 'unwrap', body, id: 'wrapped' });
      expect(Object.keys(back)).toEqual(Object.keys(example));
      if (graphHash(back) === graphHash(example)) same += 1;
    }
    // All but nodes with several ports: a container has only one.
    expect(same).toBeGreaterThan(places.length * 0.8);
  });

  it('refuses to lose nodes', () => {
    expect(codeOf(graph, { do: 'unwrap', id: 't' })).toBe('bad-value');
    expect(codeOf(graph, { do: 'unwrap', id: 'a' })).toBe('bad-value');
    const without = edited(graph, { do: 'removeLane', id: 't', lane: 'catch' });
    expect(edited(without, { do: 'unwrap', id: 't' }).nodes.d).toEqual({
      uses: 'log',
      needs: ['a'],
      with: { message: 'd' },
    });
  });
});

describe('the lanes of a try', () => {
  it('are added empty and removed with what is in them', () => {
    const added = edited(graph, { do: 'addLane', id: 't', lane: 'finally' });
    expect(added.nodes.t?.finally).toEqual({ nodes: {} });
    expect(codeOf(added, { do: 'addLane', id: 't', lane: 'finally' })).toBe('bad-value');
    expect(edited(added, { do: 'removeLane', id: 't', lane: 'catch' }).nodes.t).not.toHaveProperty('catch');
    expect(codeOf(graph, { do: 'removeLane', id: 't', lane: 'finally' })).toBe('bad-value');
    expect(codeOf(graph, { do: 'addLane', id: 'a', lane: 'catch' })).toBe('bad-value');
  });
});

describe('another type', () => {
  it('keeps links, and turns links from ports that are gone into links from the only one', () => {
    const choice = edited(graph, { do: 'replaceType', id: 'b', uses: 'if', with: { test: true } });
    const linked = edited(edited(choice, { do: 'unlink', from: 'b', to: 'c' }), {
      do: 'link',
      from: 'b.true',
      to: 'c',
    });
    const back = edited(linked, { do: 'replaceType', id: 'b', uses: 'set', with: { value: 1 } });
    expect(back.nodes.b).toEqual({ uses: 'set', needs: ['a'], with: { value: 1 } });
    expect(back.nodes.c?.needs).toEqual(['b']);
  });

  it('keeps a connection only for a type of the same provider', () => {
    const connected = edited(graph, {
      do: 'setParameter',
      path: '/nodes/c',
      value: { uses: 'slack.sendMessage', connection: 'team' },
    });
    expect(edited(connected, { do: 'replaceType', id: 'c', uses: 'slack.upload' }).nodes.c?.connection).toBe('team');
    expect(edited(connected, { do: 'replaceType', id: 'c', uses: 'email.send' }).nodes.c).not.toHaveProperty(
      'connection',
    );
  });
});

describe('triggers', () => {
  it('are added, renamed with their links, and removed with them', () => {
    const two = edited(graph, { do: 'addTrigger', id: 'daily', trigger: { uses: 'schedule', with: { every: '1d' } } });
    const linked = edited(two, { do: 'link', from: 'daily', to: 'a' });
    const renamed = edited(linked, { do: 'renameTrigger', id: 'hook', to: 'incoming' });
    expect([Object.keys(renamed.triggers!), renamed.nodes.a?.needs]).toEqual([
      ['incoming', 'daily'],
      ['incoming', 'daily'],
    ]);
    const removed = edited(edited(renamed, { do: 'removeTrigger', id: 'incoming' }), {
      do: 'removeTrigger',
      id: 'daily',
    });
    expect(removed).not.toHaveProperty('triggers');
    expect(removed.nodes.a).not.toHaveProperty('needs');
  });

  it('have ids that nothing else has', () => {
    const trigger = { uses: 'call' };
    expect(codeOf(graph, { do: 'addTrigger', id: 'd', trigger })).toBe('duplicate-id');
    expect(codeOf(graph, { do: 'addTrigger', id: 'out', trigger })).toBe('reserved-id');
    expect(codeOf(graph, { do: 'renameTrigger', id: 'hook', to: 'a' })).toBe('duplicate-id');
    expect(codeOf(graph, { do: 'removeTrigger', id: 'hok' })).toBe('unknown-node');
  });
});

describe('a batch', () => {
  it('is applied as a whole or not at all', () => {
    const rename: Command = { do: 'renameNode', id: 'a', to: 'first' };
    const both = edited(graph, { do: 'batch', commands: [rename, { do: 'removeNode', id: 'c' }] });
    expect(Object.keys(both.nodes)).toEqual(['first', 'b', 't']);
    const failed = edit(graph, { do: 'batch', commands: [rename, { do: 'removeNode', id: 'a' }] });
    expect(failed.graph).toBe(graph);
    expect(failed.problems?.[0]?.code).toBe('unknown-node');
  });
});
