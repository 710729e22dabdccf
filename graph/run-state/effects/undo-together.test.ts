/** Bodies that close together are undone together: newest completion first, one at a time, whichever body it was in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../document/types.ts';
import { type Game, play } from '../testing/game.ts';
import { drawFrom, draws, randomGraph } from '../testing/random-graphs.ts';
import { planOfGraph, playOut } from '../testing/random-play.ts';

const undo = 'compensate: { uses: t.do }';
const isUndo = (id: string): boolean => id.endsWith('.compensate') && !id.startsWith('cancel');

/** Undoes to the end and names the steps in the order in which they were undone. */
function undone(game: Game): string[] {
  for (let [next, ...others] = game.pending; next; [next, ...others] = game.pending) {
    expect(others).toEqual([]);
    game.ok(next);
  }
  return game.log.filter(isUndo).map((id) => id.slice(0, -'.compensate'.length));
}

/** `t` is running, with an older completion of its own, when the body around it fails, which has a newer completion. */
const graph = (container: string): string => `
nodes:
  t: ${container}
  n: { uses: t.do, ${undo} }
  f: { uses: t.do }`;

const k = `k: { uses: t.do, ${undo} }`;
const z = 'finally: { nodes: { z: { uses: wait, with: { for: 4s } } } }';
const long = 'w: { uses: wait, needs: [k], with: { for: 1h } }';

describe('the undo of a body that fails', () => {
  it.each([
    ['a finally is running', `{ uses: try, nodes: { ${k} }, ${z} }`, 't.k'],
    ['a finally is running in a loop', loop(`{ uses: try, nodes: { ${k} }, ${z} }`), 't[0].i.k'],
    [
      'a finally is running in a try',
      `{ uses: try, nodes: { i: { uses: try, nodes: { ${k} }, ${z} } }, catch: { nodes: {} } }`,
      't.i.k',
    ],
    ['a body is running', `{ uses: try, nodes: { ${k}, ${long} }, catch: { nodes: {} } }`, 't.k'],
    ['a race is running', `{ uses: race, nodes: { ${k}, ${long} } }`, 't.k'],
    ['an item is running', loop(`{ uses: try, nodes: { ${k}, ${long} }, catch: { nodes: {} } }`), 't[0].i.k'],
    [
      'an item of its own is running',
      `{ uses: forEach, with: { items: [1], onItemError: continue }, nodes: { ${k}, ${long} } }`,
      't[0].k',
    ],
    ['a round is running', `{ uses: while, with: { test: true }, nodes: { ${k}, ${long} } }`, 't[0].k'],
    [
      'a round without end is running',
      `{ uses: while, with: { test: true, max: unlimited }, nodes: { ${k}, ${long} } }`,
      't[0].k',
    ],
  ])('goes back from the newest completion while %s', (_when, container, old) => {
    const game = play(graph(container)).ok(old).pass('1s').ok('n').pass('1s').bad('f', 'own.bad');
    game.pass('4s');
    expect(undone(game)).toEqual(['n', old]);
    expect([game.status, game.error?.code]).toEqual(['failed', 'own.bad']);
    expect(game.ends.t).toBe('cancelled');
  });

  it('goes back from the newest completion while a catch is running', () => {
    const game = play(graph(`{ uses: try, nodes: { b: { uses: t.do } }, catch: { nodes: { ${k}, ${long} } } }`));
    game.bad('t.b').ok('t.catch.k').pass('1s').ok('n').bad('f');
    expect(undone(game)).toEqual(['n', 't.catch.k']);
  });

  it('undoes parallel containers one step at a time', () => {
    const body = (id: string) =>
      `${id}: { uses: try, nodes: { ${id}1: { uses: t.do, ${undo} }, ${id}2: { uses: t.do, ${undo} }, ${id}3: { uses: t.do } }, catch: { nodes: {} } }`;
    const game = play(`nodes: { ${body('p')}, ${body('q')}, f: { uses: t.do } }`);
    game.ok('p.p1').ok('q.q1').ok('p.p2').ok('q.q2').bad('f');
    expect(undone(game)).toEqual(['q.q2', 'p.p2', 'q.q1', 'p.p1']);
  });

  it('is finished before a finally of that body runs', () => {
    const game = play(
      graph(`{ uses: try, nodes: { ${k}, ${long} }, finally: { nodes: { z: { uses: t.do, ${undo} } } } }`),
    );
    game.ok('t.k').pass('1s').ok('n').bad('f');
    expect(game.pending).toEqual(['t.k.compensate']);
    game.ok('t.k.compensate').ok('t.finally.z');
    expect(undone(game)).toEqual(['t.k', 't.finally.z', 'n']);
  });

  it('says in `error` why the outermost body failed', () => {
    const told = `k: { uses: t.do, compensate: { uses: t.do, with: { why: "\${{ error.code }}" } } }`;
    const game = play(graph(`{ uses: try, nodes: { ${told}, ${long} }, catch: { nodes: {} } }`));
    game.ok('n').ok('t.k').bad('f', 'own.bad');
    expect(game.call('t.k.compensate').with?.value).toEqual({ why: 'own.bad' });
  });

  it('is the same when the run is cancelled, times out, or goes on from a snapshot', () => {
    const running = () =>
      play(`timeout: 3s${graph(`{ uses: try, nodes: { ${k} }, ${z} }`)}`)
        .ok('t.k')
        .pass('1s')
        .ok('n');
    expect(undone(running().cancel().snapshot().pass('4s'))).toEqual(['n', 't.k']);
    expect(undone(running().pass('3s').snapshot().pass('4s'))).toEqual(['n', 't.k']);
  });

  it('does not undo what a stopped run did', () => {
    const game = play(`
nodes:
  t: { uses: try, nodes: { ${k} }, ${z} }
  n: { uses: t.do, ${undo} }
  s: { uses: stop, needs: [n] }`);
    expect(undone(game.ok('t.k').ok('n').pass('5s'))).toEqual([]);
    expect(game.status).toBe('succeeded');
  });

  it('leaves what a container undoes because of its own failure to that container', () => {
    const game = play(graph(`{ uses: try, nodes: { ${k}, b: { uses: t.do } }, catch: { nodes: {} } }`));
    game.ok('t.k').ok('n').bad('t.b', 'inner').bad('f', 'outer');
    expect(undone(game)).toEqual(['t.k', 'n']);
  });
});

describe('the undo of a loop', () => {
  it('that times out undoes all its items together, also under onItemError: continue', () => {
    const game = play(`
nodes:
  t:
    uses: forEach
    timeout: 1m
    onError: continue
    with: { items: [1, 2, 3], concurrency: 3, onItemError: continue }
    nodes: { ${k}, ${long} }`);
    game.ok('t[1].k').ok('t[2].k').ok('t[0].k').pass('2m');
    expect(undone(game)).toEqual(['t[0].k', 't[2].k', 't[1].k']);
  });

  it('in child workflows, which count completions separately, is ordered by the clock', () => {
    const game = play(
      `
nodes:
  e: { uses: forEach, with: { items: "\${{ input }}" }, nodes: { a: { uses: t.do, ${undo} } } }
  n: { uses: t.do, ${undo} }
  m: { uses: t.do, ${undo} }
  f: { uses: t.do }`,
      { input: [1, 2, 3], limits: { inlineItems: 2 } },
    );
    const entry = (path: string, at: number, seq: number) => ({
      path: `${path}.compensate`,
      at,
      seq,
      node: 'a',
      index: 0,
      inline: game.plan.body.nodes[0]!.body!.nodes[0]!.compensate!,
      scope: {},
    });
    game.pass('1s').ok('n');
    const first = game.run.now;
    game.pass('10s').ok('m').pass('10s').bad('f');
    game.looped('e', {
      ok: false,
      error: { code: 'cancelled', message: '', step: 'e', node: 'e', attempts: 1, unknown: false },
      undo: [entry('e[0].a', first - 500, 9), entry('e[1].a', first + 5_000, 0)],
    });
    expect(undone(game)).toEqual(['m', 'e[1].a', 'n', 'e[0].a']);
  });
});

describe('a run that began with version 1', () => {
  it('is undone as before: inner bodies first', () => {
    const game = play(graph(`{ uses: try, nodes: { ${k} }, ${z} }`), { version: 1 });
    game.ok('t.k').pass('1s').ok('n').bad('f').pass('4s');
    expect(undone(game)).toEqual(['t.k', 'n']);
  });
});

describe('in any graph', () => {
  const uses = ['t.do', 't.do', 't.do', 'set', 'if', 'wait', 'try', 'forEach', 'while', 'approval'];
  // Only a `finally` makes a body be undone by itself, before that `finally` runs.
  const withoutFinally = (graph: Graph): Graph =>
    JSON.parse(JSON.stringify(graph), (key, value) => (key === 'finally' ? undefined : value));

  it('a cancelled run is undone from the newest completion, one step at a time', () => {
    fc.assert(
      fc.property(draws(150), draws(250), fc.nat(15), (drawn, moves, when) => {
        const graph = withoutFinally(randomGraph(drawFrom(drawn), { uses, undo: true }));
        const game = playOut(planOfGraph(graph), drawFrom(moves), {
          between: (current, move) => {
            if (move === when) current.cancel();
            expect(current.pending.filter(isUndo).length).toBeLessThanOrEqual(1);
          },
        });
        const order = game.log.filter(isUndo);
        const completed = game.steps.map(({ path }) => `${path}.compensate`).filter((path) => order.includes(path));
        expect(order).toEqual(completed.reverse());
      }),
      { numRuns: Number(process.env.BLOK_PROPERTY_RUNS ?? 300) },
    );
  });
});

function loop(inner: string): string {
  return `{ uses: forEach, with: { items: [1] }, nodes: { i: ${inner} } }`;
}
