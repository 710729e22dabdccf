import { describe, expect, it } from 'vitest';
import type { Graph } from '../document/types.ts';
import { upTo } from './up-to.ts';

const graph = (nodes: Graph['nodes']): Graph => ({ blok: 1, name: 'g', nodes, output: '${{ nodes.end }}' });
const set = (...needs: string[]) => ({ uses: 'set', with: { value: 1 }, ...(needs.length > 0 ? { needs } : {}) });

describe('a graph up to a node', () => {
  it('keeps what the node needs, and returns the output of the node', () => {
    const cut = upTo(graph({ a: set(), b: set('a.out'), c: set('a'), end: set('b', 'c') }), 'b')!;
    expect(Object.keys(cut.nodes).sort()).toEqual(['a', 'b']);
    expect(cut.output).toBe('${{ nodes.b }}');
  });

  it('keeps the containers around it, with only what leads to it', () => {
    const each = { uses: 'forEach', needs: ['a'], with: { items: [1] }, nodes: { x: set(), y: set('x'), z: set() } };
    const cut = upTo(graph({ a: set(), each: { ...each, output: '${{ nodes.z }}' }, end: set('each') }), 'y')!;
    expect(Object.keys(cut.nodes).sort()).toEqual(['a', 'each']);
    expect(Object.keys(cut.nodes.each!.nodes!).sort()).toEqual(['x', 'y']);
    expect(cut.nodes.each!.output).toBeUndefined();
  });

  it('is none inside the rounds of a loop, and none for a node that is not there', () => {
    const loop = { uses: 'while', with: { state: 0, test: '${{ state < 2 }}' }, nodes: { x: set() } };
    expect(upTo(graph({ loop }), 'x')).toBeNull();
    expect(upTo(graph({ loop }), 'nowhere')).toBeUndefined();
    expect(upTo(graph({ loop }), 'loop')).toMatchObject({ nodes: { loop } });
  });
});
