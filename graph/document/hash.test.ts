import { describe, expect, it } from 'vitest';
import { graphHash } from './hash.ts';
import type { Graph } from './types.ts';

const graph = (change: Partial<Graph> = {}): Graph => ({
  blok: 1,
  name: 'demo',
  nodes: {
    a: { uses: 'set' },
    b: { uses: 'set', with: { value: { notes: 1 } }, needs: ['a', 'c.error'] },
    c: { uses: 'set' },
  },
  ...change,
});

describe('graphHash', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    expect(graphHash({ blok: 1, name: 'a', nodes: {} })).toBe(
      // printf '{"blok":1,"name":"a","nodes":{}}' | sha256sum
      '9ed17427d1c16c64fe8d09e2650341bd0fe335319b7ae67cf331eb9d5c020b1d',
    );
  });

  it('does not change with order, position, notes or meta', () => {
    const { a, b, c } = graph().nodes;
    const moved = graph({
      notes: { n: { text: 'hi' } },
      meta: { tool: 1 },
      nodes: { c: { ...c!, position: [1, 2], meta: 1 }, b: { ...b!, needs: ['c.error', 'a'], notes: 'x' }, a: a! },
    });
    expect(graphHash(moved)).toBe(graphHash(graph()));
  });

  it('leaves these fields out inside containers, catch and finally too', () => {
    const nested = (meta?: number): Graph =>
      graph({
        nodes: {
          t: {
            uses: 'try',
            nodes: { a: { uses: 'set', meta } },
            catch: { nodes: { b: { uses: 'set', meta } } },
            finally: { nodes: { c: { uses: 'set', position: meta } } },
          },
        },
        triggers: { t: { uses: 'call', notes: meta } },
      });
    expect(graphHash(nested(1))).toBe(graphHash(nested()));
  });

  it('changes with anything else', () => {
    const hashes = [
      graph(),
      graph({ label: 'x' }),
      graph({ nodes: { ...graph().nodes, a: { uses: 'log' } } }),
      graph({
        nodes: { ...graph().nodes, b: { uses: 'set', with: { value: { notes: 2 } }, needs: ['a', 'c.error'] } },
      }),
      graph({ nodes: { ...graph().nodes, b: { uses: 'set', with: { value: { notes: 1 } }, needs: ['a', 'c'] } } }),
    ].map(graphHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
