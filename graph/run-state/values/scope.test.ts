import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

describe('JSON.parse in an expression', () => {
  const graph = `
nodes:
  a: { uses: set, with: { value: "\${{ JSON.parse(input).id }}" } }
  b: { uses: filter, with: { items: ["\${{ input }}"], test: "\${{ JSON.parse(item).id > 1 }}" } }
output: "\${{ nodes.a }}"`;
  const input = '{"id":9007199254740993}';

  it('fails for a number that a double would change, and says "quote it"', () => {
    const game = play(graph, { input });
    expect(game.status).toBe('failed');
    expect(game.error).toMatchObject({ code: 'expression', step: 'a' });
    expect(game.error?.message).toMatch(/9007199254740993 cannot be held exactly\. \(\/id\) Quote it/);
  });

  it('goes on rounding in runs of version 1, which may have gone on with the rounded number', () => {
    expect(play(graph, { input, version: 1 })).toMatchObject({ status: 'succeeded', output: 9007199254740992 });
  });
});
