import { describe, expect, it } from 'vitest';
import { type Game, play } from './testing/game.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

const chain = (count: number, uses = 't.do, with: { x: "${{ run.id }}" }'): string =>
  numbers(count)
    .map((i) => `  n${i}: { uses: ${uses}, needs: [${i ? `n${i - 1}` : ''}] }`)
    .join('\n');

function finish(game: Game): Game {
  while (game.pending[0]) game.ok(game.pending[0], 1);
  expect(game.status).toBe('succeeded');
  return game;
}

describe('the cost of a step', () => {
  it('is the same at the end of a long chain as at its start: fuel, commands, what is kept', () => {
    const perStep = (count: number) => {
      const game = finish(play(`nodes:\n${chain(count)}`));
      return [game.run.state.fuelUsed / count, (game.commands.length - 1) / count];
    };
    expect(perStep(1_000)).toEqual(perStep(10));
  });

  it('in a loop does not depend on the size of the graph around the loop', () => {
    const loop = (around: number) =>
      play(
        `
nodes:
${chain(around, 'set, with: { value: 1 }')}
  each:
    uses: forEach
    needs: [n${around - 1}]
    with: { items: "\${{ input }}", concurrency: 500 }
    nodes:
      a: { uses: t.do, with: { first: "\${{ nodes.n0 }}", item: "\${{ item }}" } }
      b: { uses: set, needs: [a], with: { value: "\${{ nodes.a }}" } }
      c: { uses: t.do, needs: [b], with: { v: "\${{ nodes.b }}" } }
    output: "\${{ nodes.c }}"`,
        { input: numbers(500) },
      );
    const game = loop(400);
    const frames = Object.values(game.run.state.frames).filter(({ part }) => part === 'item');
    expect(frames).toHaveLength(500);
    expect(Object.keys(frames[0]!.visible.nodes).sort()).toEqual(['a', 'b', 'c', 'n0']);
    finish(game);
    expect(Object.keys(game.run.state.frames)).toEqual(['']);
    const fuel = (around: number): number =>
      finish(loop(around)).run.state.fuelUsed -
      finish(play(`nodes:\n${chain(around, 'set, with: { value: 1 }')}`)).run.state.fuelUsed;
    expect(fuel(100)).toBe(fuel(1));
  });

  it('ten thousand rounds leave nothing behind except their records', () => {
    const game = play(`
nodes:
  w:
    uses: while
    with: { state: 0, test: "\${{ state < 10000 }}", max: unlimited }
    nodes: { a: { uses: set, with: { value: "\${{ state + 1 }}" } } }
    output: "\${{ nodes.a }}"
output: "\${{ nodes.w }}"`);
    expect([game.status, game.output]).toEqual(['succeeded', 10_000]);
    expect([Object.keys(game.run.state.frames), game.run.places.size]).toEqual([[''], 0]);
    expect(JSON.stringify(game.run.state).length).toBeLessThan(2_000);
    expect(game.steps).toHaveLength(10_001);
  });

  it('a snapshot of a run in a loop holds the open items, not the finished ones', () => {
    const game = play(
      'nodes: { each: { uses: forEach, with: { items: "${{ input }}" }, nodes: { a: { uses: t.do }, w: { uses: wait, needs: [a], with: { for: 1h } } } } }',
      { input: numbers(50) },
    );
    for (let i = 0; i < 40; i++) game.ok(`each[${i}].a`).pass('1h');
    expect(Object.keys(game.run.state.frames)).toEqual(['', 'each[40]']);
  });
});
