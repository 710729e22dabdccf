import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const poll = (more = '') => `
nodes:
  poll:
    uses: while
    with: { state: { n: 0 }, test: "\${{ state.n < 3 }}"${more} }
    nodes:
      check: { uses: t.do, with: { n: "\${{ state.n }}", i: "\${{ index }}", loop: "\${{ loops.poll.state.n }}" } }
    output: "\${{ { n: nodes.check } }}"
output: "\${{ nodes.poll }}"`;

describe('while', () => {
  it('folds: the output of a round is the next state; the last state is its output', () => {
    const game = play(poll());
    expect(game.call('poll[0].check').with?.value).toEqual({ n: 0, i: 0, loop: 0 });
    game.ok('poll[0].check', 2);
    expect(game.call('poll[1].check').with?.value).toEqual({ n: 2, i: 1, loop: 2 });
    game.ok('poll[1].check', 5);
    expect(game.output).toEqual({ n: 5 });
  });

  it('reads the test before the first round', () => {
    expect(play(poll().replace('n: 0', 'n: 9')).output).toEqual({ n: 9 });
  });

  it('fails with while.limit if it exceeds max', () => {
    const game = play(poll(', max: 2')).ok('poll[0].check', 0).ok('poll[1].check', 0);
    expect(game.error).toMatchObject({
      code: 'while.limit',
      step: 'poll',
      message: 'poll would begin round 3; its max is 2.',
    });
  });

  it('reaches max exactly without failing', () => {
    expect(play(poll(', max: 2')).ok('poll[0].check', 0).ok('poll[1].check', 3).output).toEqual({ n: 3 });
  });

  it('is 1000 rounds at most by default, and endless if unlimited', () => {
    const graph = (max: string) => `
nodes:
  w:
    uses: while
    with: { state: 0, test: "\${{ state < 2500 }}"${max} }
    nodes: { a: { uses: set, with: { value: "\${{ state + 1 }}" } } }
    output: "\${{ nodes.a }}"
output: "\${{ nodes.w }}"`;
    expect(play(graph('')).error?.code).toBe('while.limit');
    expect(play(graph(', max: unlimited')).output).toBe(2500);
  });

  it('fails if its test fails or is not a condition', () => {
    expect(play(poll().replace('state.n < 3', 'state.a.b')).error).toMatchObject({ code: 'expression', step: 'poll' });
    expect(play(poll().replace('state.n < 3', "'yes'")).error).toMatchObject({ code: 'expression', step: 'poll' });
  });

  it('makes rounds even if its body has no nodes, and lets other steps run in between', () => {
    const game = play(
      'nodes: { w: { uses: while, with: { state: 0, test: "${{ state < 900 }}" }, nodes: {}, output: "${{ state + 1 }}" } }\noutput: "${{ nodes.w }}"',
      { limits: { yieldFuel: 10_000 } },
    );
    expect(game.output).toBe(900);
    expect(game.yields).toBeGreaterThan(5);
  });

  it('a failure in a round fails the loop', () => {
    const game = play(poll()).ok('poll[0].check', 1).bad('poll[1].check', 'http.500');
    expect(game.error).toMatchObject({ code: 'http.500', step: 'poll[1].check' });
    expect(game.ends).toMatchObject({ poll: 'failed' });
  });

  it('may time out in the middle of a round', () => {
    const game = play(`
nodes:
  poll:
    uses: while
    timeout: 10m
    with: { test: "\${{ true }}", max: unlimited }
    nodes: { pause: { uses: wait, with: { for: 3m } } }
  late: { uses: t.do, needs: [poll.timeout] }`);
    game.pass('10m');
    expect(game.pending).toEqual(['late']);
    expect(Object.keys(game.ends)).toEqual([
      'poll[0].pause',
      'poll[1].pause',
      'poll[2].pause',
      'poll[3].pause',
      'poll',
    ]);
    expect(game.ends['poll[3].pause']).toBe('cancelled');
  });
});
