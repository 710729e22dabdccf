/** Among steps that become ready together, `stop` and `fail` start first: the names of ids decide nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../plan/types.ts';
import { play } from '../testing/game.ts';
import { drawFrom, draws, randomGraph } from '../testing/random-graphs.ts';
import { planOfGraph } from '../testing/random-play.ts';

/** Effects that were started, by their own names. */
const started = (log: readonly string[]): string[] => log.filter((id) => !id.startsWith('cancel')).sort();

/** Each graph twice: with `A`, `B`, … as they are, and with the names reversed. */
const spellings = (graph: string): [string, string] => [
  graph,
  graph.replace(/\b[A-E]\b/g, (id) => 'EDCBA'['ABCDE'.indexOf(id)]!),
];

describe.each(['stop', 'fail'])('a %s', (word) => {
  const end = word === 'stop' ? 'uses: stop' : 'uses: fail, with: { message: no }';
  it.each([
    ['of the same body', `{ A: { uses: t.do }, B: { ${end} } }`, 0],
    ['after the same node', `{ C: { uses: set }, A: { uses: t.do, needs: [C] }, B: { ${end}, needs: [C] } }`, 0],
    ['of a higher priority', `{ A: { uses: t.do, priority: 1 }, B: { ${end} } }`, 0],
    [
      'in a container beside it',
      `{ A: { uses: try, nodes: { a: { uses: t.do } }, catch: { nodes: {} } }, B: { uses: try, onError: continue, nodes: { b: { ${end} } }, finally: { nodes: {} } } }`,
      word === 'stop' ? 0 : 1,
    ],
    [
      'of the next generation',
      `{ A: { uses: t.do }, C: { uses: if, with: { test: true } }, B: { ${end}, needs: [C.true] } }`,
      1,
    ],
    ['in a container', `{ A: { uses: t.do }, B: { uses: try, nodes: { b: { ${end} } }, finally: { nodes: {} } } }`, 1],
    ['with a guard that is false', `{ A: { uses: t.do }, B: { ${end}, if: false } }`, 1],
  ])('goes before an effect %s', (_where, nodes, effects) => {
    for (const spelling of spellings(`nodes: ${nodes}`)) expect(started(play(spelling).log)).toHaveLength(effects);
  });

  it('that becomes ready when there is room again goes before an effect that was held back', () => {
    const graph = `nodes: { A: { uses: t.do, priority: 1 }, C: { uses: t.do }, B: { ${end}, needs: [A] } }`;
    const game = play(graph, { limits: { inFlight: 1 } }).ok('A');
    expect(game.log).toEqual(['A']);
    expect(game.status).not.toBe('open');
  });

  it('goes first among steps that became ready during a pause', () => {
    const game = play(
      `nodes: { C: { uses: t.do }, A: { uses: t.do, needs: [C] }, D: { uses: t.do }, B: { ${end}, needs: [D] } }`,
    );
    game.pause().ok('C').ok('D').resume();
    expect(started(game.log)).toEqual(['C', 'D']);
  });

  it('goes first from a snapshot, too', () => {
    const game = play(`nodes: { C: { uses: t.do }, A: { uses: t.do, needs: [C] }, B: { ${end}, needs: [C] } }`);
    game.drain().ok('C').snapshot();
    expect(started(game.log)).toEqual(['C']);
  });

  it('waits for its turn in a run that began with version 1', () => {
    const game = play(`nodes: { A: { uses: t.do }, B: { ${end} } }`, { version: 1 });
    expect(game.log).toEqual(['A', 'cancel A']);
  });
});

it('a stop goes before a fail', () => {
  for (const spelling of spellings('nodes: { A: { uses: stop }, B: { uses: fail, with: { message: no } } }'))
    expect(play(spelling).status).toBe('succeeded');
});

describe('in any graph', () => {
  const uses = ['t.do', 't.do', 't.do', 'set', 'if', 'try', 'forEach', 'while', 'fail', 'stop'];

  /** The plan with the ids in another order: `n4` becomes `x0_n4`, or whatever is drawn for it. */
  function respelt(graph: ReturnType<typeof randomGraph>, draw: (n: number) => number): Plan {
    const drawn = new Map<string, string>();
    const respell = (id: string): string => {
      if (!drawn.has(id)) drawn.set(id, `x${draw(10)}_${id}`);
      return drawn.get(id)!;
    };
    return planOfGraph(JSON.parse(JSON.stringify(graph).replace(/\bn\d+\b/g, respell)));
  }

  /** Starts and how they end, under the ids as they were: effects succeed or fail by name, in an order of names. */
  function outcome(plan: Plan, salt: number): string {
    const game = play(plan);
    const plain = (path: string): string => path.replace(/\bx\d_(?=n)/g, '');
    while (game.pending.length > 0) {
      const path = [...game.pending].sort((a, b) => (plain(a) < plain(b) ? -1 : 1))[0]!;
      const hash = [...plain(path)].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9_973, salt);
      if (hash % 5 === 0) game.bad(path);
      else game.ok(path);
    }
    return JSON.stringify([game.status, started(game.log.map(plain))]);
  }

  it('what the ids are called decides neither what is started nor how the run ends', () => {
    fc.assert(
      fc.property(draws(150), draws(40), fc.nat(), (drawn, names, salt) => {
        const graph = randomGraph(drawFrom(drawn), { uses, undo: true });
        expect(outcome(respelt(graph, drawFrom(names)), salt)).toBe(outcome(planOfGraph(graph), salt));
      }),
      { numRuns: Number(process.env.BLOK_PROPERTY_RUNS ?? 300) },
    );
  });
});
