import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../run-state/index.ts';
import { type Game, type PlayOptions, play } from '../run-state/testing/game.ts';
import { type Repeat, takeOverFrom } from './index.ts';

/** Answers all effects of a game until nothing is in flight: with a new number each time, or with a failure. */
function finish(game: Game, fails: readonly string[] = []): Game {
  for (let n = 1; game.pending.length > 0; n++) {
    const path = game.pending[0]!;
    if (fails.includes(path)) game.bad(path);
    else game.ok(path, { n, path });
  }
  return game;
}

/** Repeats what a game has recorded. */
function again(first: Game, from: string, more: Partial<Repeat> = {}, options: PlayOptions = {}) {
  const over = takeOverFrom({
    plan: first.plan,
    steps: first.steps,
    from,
    succeeded: first.status === 'succeeded',
    ...more,
  })!;
  return { over, game: play(more.plan ?? first.plan, { ...options, taken: over.taken }) };
}

const CHAIN = `
nodes:
  a: { uses: t.do }
  b: { uses: t.do, needs: [a], with: { value: "\${{ nodes.a.n }}" } }
  side: { uses: t.do, needs: [a] }
  c: { uses: t.do, needs: [b] }
output: "\${{ [nodes.a.n, nodes.b.n, nodes.side.n, nodes.c.n] }}"
`;

describe('a run that is repeated from a step on', () => {
  it('executes the step and what comes after it; everything else is taken over as it was recorded', () => {
    const first = finish(play(CHAIN));
    const { game, over } = again(first, 'b');
    expect(game.pending).toEqual(['b']);
    expect(over.again).toEqual([]);
    expect(game.call('b').with).toEqual({ value: { value: 1 } });
    game.ok('b', { n: 20 }).ok('c', { n: 30 });
    expect(game.output).toEqual([1, 20, 3, 30]);
    expect(game.log).toEqual(['b', 'c']);
  });

  it('takes over given outputs instead, and executes what depends on them', () => {
    const first = finish(play(CHAIN));
    const { game } = again(first, 'c', { outputs: { a: { n: 10 } } });
    expect(game.pending).toEqual(['b', 'side']);
    finish(game);
    expect((game.output as number[])[0]).toBe(10);
  });

  it('executes again what had not ended, and what is of another type now', () => {
    const first = play(CHAIN).ok('a', { n: 1 }).bad('b');
    const { game, over } = again(first, 'b');
    expect(game.pending).toEqual(['b', 'side']);
    expect(over.again).toEqual([{ step: 'side', why: 'unfinished' }]);
    const other = play(CHAIN.replace('side: { uses: t.do', 'side: { uses: t.read')).plan;
    const changed = again(finish(play(CHAIN)), 'c', { plan: other });
    expect(changed.over.again).toEqual([{ step: 'side', why: 'changed' }]);
  });

  it('is refused if there is no such step', () => {
    const first = finish(play(CHAIN));
    expect(takeOverFrom({ plan: first.plan, steps: first.steps, from: 'x', succeeded: true })).toBeUndefined();
    expect(takeOverFrom({ plan: first.plan, steps: first.steps, from: 'a.b', succeeded: true })).toBeUndefined();
  });

  it('takes over choices, skips, guards and handled failures', () => {
    const graph = `
nodes:
  x: { uses: t.do }
  if: { uses: if, needs: [x], with: { test: true } }
  yes: { uses: t.do, needs: [if.true] }
  no: { uses: t.do, needs: [if.false] }
  guarded: { uses: t.do, needs: [x], if: "\${{ false }}" }
  bad: { uses: t.read, needs: [x] }
  handled: { uses: t.do, needs: [bad.error] }
  end: { uses: t.do, needs: [yes, no, handled], join: any }
output: "\${{ [nodes.yes.n, nodes.no, nodes.guarded, errors.bad.code, nodes.handled.n] }}"`;
    const first = finish(play(graph), ['bad']);
    const { game } = again(first, 'end');
    expect(game.pending).toEqual(['end']);
    expect(finish(game).output).toEqual(first.output);
  });

  it('executes again what was undone, with all that follows from it', () => {
    const graph = `
nodes:
  book: { uses: t.do, compensate: { uses: t.do } }
  tell: { uses: t.do, needs: [book] }
  ship: { uses: t.do, needs: [tell], retry: { maxAttempts: 1 } }`;
    const first = play(graph);
    first.ok('book').ok('tell').bad('ship').ok('book.compensate');
    expect(first.status).toBe('failed');
    const { game, over } = again(first, 'ship');
    expect(over.again).toEqual([{ step: 'book', why: 'undone' }]);
    expect(game.pending).toEqual(['book']);
  });

  it('lets stand what the first run did, if that succeeded; else it takes over the duty to undo it', () => {
    const graph = `
nodes:
  book: { uses: t.do, compensate: { uses: t.do } }
  ship: { uses: t.do, needs: [book], retry: { maxAttempts: 1 } }`;
    const first = finish(play(graph));
    const stands = again(first, 'ship').game.bad('ship');
    expect([stands.status, stands.pending]).toEqual(['failed', []]);
    const duty = again(first, 'ship', { succeeded: false }).game.bad('ship');
    expect(duty.pending).toEqual(['book.compensate']);
  });
});

describe('a run that is repeated from a step inside a container', () => {
  it('takes over the other items of a forEach', () => {
    const graph = `
nodes:
  each:
    uses: forEach
    with: { items: [1, 2, 3], concurrency: 3 }
    nodes: { a: { uses: t.do, with: { value: "\${{ item }}" } }, b: { uses: t.do, needs: [a] } }
    output: "\${{ [nodes.a.n, nodes.b.n] }}"
  after: { uses: t.do, needs: [each] }
output: "\${{ nodes.each.results }}"`;
    const first = finish(play(graph));
    const { game } = again(first, 'each[1].b');
    expect(game.pending).toEqual(['each[1].b']);
    game.ok('each[1].b', { n: 99 });
    expect(game.pending).toEqual(['after']);
    game.ok('after');
    const results = first.output as number[][];
    expect(game.output).toEqual([results[0], [results[1]![0], 99], results[2]]);
  });

  it('takes over the earlier rounds of a while, and executes the later ones', () => {
    const graph = `
nodes:
  poll:
    uses: while
    with: { state: 0, test: "\${{ state < 3 }}" }
    nodes: { a: { uses: t.do } }
    output: "\${{ state + 1 }}"
output: "\${{ nodes.poll }}"`;
    const first = finish(play(graph));
    const { game } = again(first, 'poll[1].a');
    expect(finish(game).log).toEqual(['poll[1].a', 'poll[2].a']);
    expect(game.output).toBe(3);
  });

  it('takes over the body of a try, with its failure, for a step of its catch or finally', () => {
    const graph = `
nodes:
  t:
    uses: try
    nodes: { k: { uses: t.do, compensate: { uses: t.do } }, bad: { uses: t.read, needs: [k] } }
    catch: { nodes: { tell: { uses: t.do }, more: { uses: t.do, needs: [tell] } }, output: "\${{ error.code }}" }
    finally: { nodes: { last: { uses: t.do } } }
output: "\${{ nodes.t }}"`;
    const first = finish(play(graph), ['t.bad']);
    expect(first.output).toBe('broken');
    const inCatch = again(first, 't.catch.more').game;
    expect(finish(inCatch).log).toEqual(['t.catch.more', 't.finally.last']);
    expect(inCatch.output).toBe('broken');
    const inFinally = again(first, 't.finally.last').game;
    expect(finish(inFinally).log).toEqual(['t.finally.last']);
    expect(inFinally.output).toBe('broken');
  });

  it('takes over of a race only what leads to the step', () => {
    const graph = `
nodes:
  r:
    uses: race
    nodes: { a: { uses: t.do }, fast: { uses: t.do, needs: [a] }, slow: { uses: t.do } }
output: "\${{ nodes.r.winner }}"`;
    const first = play(graph).ok('r.a').ok('r.fast');
    const { game } = again(first, 'r.fast');
    expect(game.pending.sort()).toEqual(['r.fast', 'r.slow']);
    expect(game.ok('r.slow').output).toBe('slow');
  });
});

describe('values that are stored elsewhere', () => {
  const records = (more: Partial<StepRecord>): StepRecord[] => {
    const first = finish(play(CHAIN));
    return first.steps.map((step) => (step.path === 'a' ? { ...step, ...more } : step));
  };

  it('are taken over as references', () => {
    const outputRef = { sha256: 'f'.repeat(64), size: 9 };
    const { output: _, ...bare } = records({})[0]!;
    const steps = records({}).map((step) => (step.path === 'a' ? { ...bare, outputRef } : step));
    const over = takeOverFrom({ plan: play(CHAIN).plan, steps, from: 'b', succeeded: true })!;
    expect(over.taken.steps.a).toMatchObject({ status: 'succeeded', outputRef });
  });

  it('have to be given if a wait has ended with more than its record holds', () => {
    const graph = 'nodes: { w: { uses: waitForEvent, with: { event: e } }, a: { uses: t.do, needs: [w] } }';
    const first = play(graph);
    first.event('e', { data: { text: 'x'.repeat(40_000) } });
    first.ok('a');
    const steps = JSON.parse(JSON.stringify(first.steps)) as StepRecord[];
    const repeat = { plan: first.plan, steps, from: 'a', succeeded: true };
    expect(takeOverFrom(repeat)!.missing).toEqual(['w']);
    expect(takeOverFrom({ ...repeat, outputs: { w: {} } })!.missing).toEqual([]);
  });
});
