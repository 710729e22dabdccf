import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { weigh } from '../weigh.ts';
import type { Game } from './testing/game.ts';
import { ALL, drawFrom, draws, type Kinds, randomGraph, WITH_SCRIPTS } from './testing/random-graphs.ts';
import { planOfGraph, playOut, type World } from './testing/random-play.ts';

/** Set BLOK_PROPERTY_RUNS for more. */
const numRuns = Number(process.env.BLOK_PROPERTY_RUNS ?? 300);

/** A graph, and what happens to it: the same pair of choices always gives the same run. */
const cases = fc.record({ graph: draws(150), moves: draws(250) });

function run(
  { graph, moves }: { graph: readonly number[]; moves: readonly number[] },
  world: World,
  kinds: Kinds = ALL,
): Game {
  return playOut(planOfGraph(randomGraph(drawFrom(graph), kinds)), drawFrom(moves), world);
}

const everything: World = { failures: true, operators: true };

/** As text: comparing whole runs by `toEqual` takes minutes when they differ. */
const outcome = ({ status, output, error, log, steps, run: { state } }: Game): string =>
  JSON.stringify([status, output, error, log, steps, state.fuelUsed]);

describe('any run of any graph', () => {
  it('ends, and leaves nothing behind', () => {
    const tight = {
      inFlight: 2,
      atFirst: 1,
      ofQueue: { code: 1 },
      startsPerPump: 1,
      yieldBytes: 10,
      yieldFuel: 1_000,
      bytes: 4_000,
    };
    fc.assert(
      fc.property(cases, fc.boolean(), (given, isTight) => {
        const game = run(given, { ...everything, ...(isTight ? { limits: tight } : {}) }, WITH_SCRIPTS);
        const { state, places, facts } = game.run;
        const { trigger, input, vars } = facts;
        expect(['succeeded', 'failed', 'cancelled', 'timed-out']).toContain(game.status);
        expect(game.status === 'succeeded').toBe(game.error === null);
        expect(Object.keys(state.frames)).toEqual(['']);
        expect([state.inFlight, state.ready, state.held, state.side, state.evaluations, places.size]).toEqual([
          0,
          [],
          [],
          {},
          {},
          0,
        ]);
        expect(state.room?.fresh ?? 0).toBe(0);
        expect([...Object.values(state.inFlightOf ?? {}), ...Object.values(state.heldOf ?? {}).flat()]).toEqual(
          Object.keys(state.inFlightOf ?? {}).map(() => 0),
        );
        // What is counted at the end is what is there: the run's facts, the root body, and what could be undone.
        const root = state.frames['']!;
        const there = root.bytes! + weigh([trigger, input, vars]) + weigh(root.undo.map(({ scope }) => scope));
        if (game.status === 'succeeded' && !isTight) expect(Math.abs(state.bytes! - there)).toBeLessThan(50);
        expect(game.timers().filter((key) => key !== '~graph' && key !== '~room')).toEqual([]);
        expect(game.commands.filter((command) => command.do === 'end')).toHaveLength(1);
      }),
      { numRuns },
    );
  });

  it('executes and records no step twice', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const game = run(given, everything);
        const paths = game.steps.map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
        const started = game.log.filter((id) => !id.startsWith('cancel '));
        expect(new Set(started).size).toBe(started.length);
        expect(game.steps.filter(({ status }) => status === 'running' || status === 'waiting')).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('goes the same way when it is played again', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const world = { ...everything, limits: { atFirst: 2 } };
        const [one, other] = [run(given, world), run(given, world)];
        return outcome(other) === outcome(one) && JSON.stringify(other.commands) === JSON.stringify(one.commands);
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  it('goes the same way through snapshots', () => {
    fc.assert(
      fc.property(cases, fc.nat(6), fc.nat(6), fc.constantFrom(1, 24), (given, every, first, atFirst) => {
        const between: World['between'] = (game, move) => {
          if (move >= first && (move - first) % (every + 1) === 0) game.snapshot();
        };
        const world = { ...everything, limits: { atFirst } };
        const whole = run(given, world);
        const cut = run(given, { ...world, between });
        return outcome(cut) === outcome(whole);
      }),
      { numRuns },
    );
  });
});

describe('the order in which effects come back', () => {
  /** No race, no clock, no undo, no outside influence: here the language promises that order does not matter … */
  const kinds: Kinds = { uses: ['t.do', 't.do', 'set', 'if', 'respond', 'try', 'forEach', 'while'] };
  /** … except for which of several failures of a body is the first. */
  const anyError = (_key: string, value: Json): Json =>
    value !== null && typeof value === 'object' && 'step' in value ? 'an error' : value;
  const pathFails = (path: string, salt: number): boolean =>
    [...path].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % 9_973, salt) % 7 === 0;

  function playWith(plan: ReturnType<typeof planOfGraph>, order: readonly number[], salt: number): string {
    const draw = drawFrom(order);
    const game = playOut(plan, () => 0, {
      between(current) {
        while (current.pending.length > 0) {
          const path = current.pending[draw(current.pending.length)]!;
          if (pathFails(path, salt)) current.bad(path, 'broken');
          else current.ok(path, path);
        }
      },
    });
    return JSON.stringify([game.status, game.output], anyError);
  }

  it('changes neither status nor output', () => {
    fc.assert(
      fc.property(draws(150), draws(60), draws(60), fc.nat(), (graph, one, other, salt) => {
        const plan = planOfGraph(randomGraph(drawFrom(graph), kinds));
        expect(playWith(plan, other, salt)).toEqual(playWith(plan, one, salt));
      }),
      { numRuns },
    );
  });
});

it('what is counted of the effects in flight is what is in flight', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(1, 2, 24), (given, atFirst) => {
      const between: World['between'] = ({ run: { state, places, limits } }) => {
        const inBodies = [...places.values()].flatMap(
          ({ frame, node }) => state.frames[frame]?.steps[node]?.effect ?? [],
        );
        const beside = Object.values(state.side).flatMap(({ effect }) => effect ?? []);
        const flying = [...inBodies, ...beside].filter(({ child, phase }) => !child && phase !== 'backoff');
        const of = (cohort: number): number => flying.filter((effect) => effect.cohort === cohort).length;
        expect(state.inFlight).toBe(flying.length);
        if (!state.room) return;
        const { cohort, fresh, most } = state.room;
        expect(fresh).toBe(of(cohort));
        expect(most >= atFirst && most <= limits.inFlight).toBe(true);
      };
      run(given, { ...everything, limits: { atFirst }, between });
    }),
    { numRuns },
  );
});

describe('undo', () => {
  const uses = ALL.uses.filter((word) => word !== 'stop');
  const isUndo = (path: string): boolean => path.endsWith('.compensate');
  /** Steps that can be undone and that happened, or may have happened. */
  const undoable = (game: Game, plan: ReturnType<typeof planOfGraph>): string[] => {
    const ids = new Set<string>();
    JSON.stringify(plan.body, (_key, value) => {
      if (value?.compensate) ids.add(value.id);
      return value;
    });
    return game.steps
      .filter(
        ({ path, node, status, error }) => ids.has(node) && !isUndo(path) && (status === 'succeeded' || error?.unknown),
      )
      .map(({ path }) => path);
  };

  it('of a run that does not succeed undoes all that happened, each once; else only what happened', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const plan = planOfGraph(randomGraph(drawFrom(given.graph), { ...ALL, uses }));
        const game = playOut(plan, drawFrom(given.moves), everything);
        const undone = game.steps
          .filter(({ path }) => isUndo(path))
          .map(({ path }) => path.slice(0, -'.compensate'.length));
        const happened = undoable(game, plan);
        expect(new Set(undone).size).toBe(undone.length);
        if (game.status === 'succeeded') expect(happened).toEqual(expect.arrayContaining(undone));
        else expect([...undone].sort()).toEqual([...happened].sort());
      }),
      { numRuns },
    );
  });

  it('of one body goes back from the newest completion', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const flat: Kinds = { uses: ['t.do', 't.do', 'set', 'if', 'wait', 'fail'], undo: true };
        const plan = planOfGraph(randomGraph(drawFrom(given.graph), flat));
        const game = playOut(plan, drawFrom(given.moves), everything);
        const undone = game.log.filter((id) => /\.compensate$/.test(id) && !id.startsWith('cancel'));
        if (game.status === 'succeeded') return;
        expect(undone).toEqual(
          undoable(game, plan)
            .reverse()
            .map((path) => `${path}.compensate`),
        );
      }),
      { numRuns },
    );
  });
});
