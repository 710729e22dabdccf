import { describe, expect, it } from 'vitest';
import type { Body, GraphNode } from '../document/types.ts';
import { cyclesOf, endNodes, topologicalIndex, topologicalOrder, upstreamOf } from './order.ts';

const body = (links: Record<string, string[]>): Body => ({
  nodes: Object.fromEntries(
    Object.entries(links).map(([id, needs]): [string, GraphNode] => [id, { uses: 'set', needs }]),
  ),
});

describe('the order of nodes', () => {
  it('is by topological index, then id by code unit', () => {
    const b = body({ z: [], a: ['z'], B: ['z'], b: [], c: ['a.error', 'b'], hook2: ['hook'] });
    expect(topologicalOrder(b)).toEqual(['b', 'hook2', 'z', 'B', 'a', 'c']);
    expect(topologicalIndex(b).get('c')).toBe(2);
  });

  it('puts nodes on or behind a cycle last', () => {
    expect(topologicalOrder(body({ a: ['c'], c: ['a'], d: ['c'], e: [] }))).toEqual(['e', 'a', 'c', 'd']);
  });

  it('does not confuse ids with names of Object.prototype', () => {
    expect(topologicalOrder(body({ b: ['toString'], constructor: ['b'] }))).toEqual(['b', 'constructor']);
  });

  it('knows all that is upstream', () => {
    expect([...upstreamOf(body({ a: [], b: ['a.error'], c: ['b', 'x'] })).get('c')!].sort()).toEqual(['a', 'b']);
  });

  it('knows the end nodes', () => {
    expect(endNodes(body({ c: [], b: [], a: ['b.timeout'] }))).toEqual(['a', 'c']);
  });

  it('finds each cycle once, in link order', () => {
    const cycles = cyclesOf(body({ a: ['c'], b: ['a'], c: ['b'], d: ['d'], e: ['c'], f: [] }));
    expect(cycles).toHaveLength(2);
    expect(cycles).toContainEqual(['d']);
    const [three] = cycles.filter((cycle) => cycle.length === 3);
    expect([...three!].sort()).toEqual(['a', 'b', 'c']);
    expect(`${three!.join('')}${three!.join('')}`).toContain('abc');
  });

  it('takes a chain of two thousand nodes', () => {
    const links: Record<string, string[]> = {};
    for (let i = 0; i < 2000; i += 1) links[`n${i}`] = i === 0 ? [] : [`n${i - 1}`];
    expect(topologicalOrder(body(links)).at(-1)).toBe('n1999');
  });
});
