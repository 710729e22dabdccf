import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../document/types.ts';
import type { Problem } from '../problems/problem.ts';
import { validate } from '../validate/validate.ts';
import { catalogue, type Game } from './testing/game.ts';
import { ALL, drawFrom, draws, randomGraph } from './testing/random-graphs.ts';
import { planOfGraph, playOut } from './testing/random-play.ts';

/** Set BLOK_PROPERTY_RUNS for more. */
const numRuns = Number(process.env.BLOK_PROPERTY_RUNS ?? 300);
const cases = fc.record({ graph: draws(150), moves: draws(250) });

/** A race that no node can win, behind a failure, with a node that reads what failed. */
const LOST_RACE = {
  graph: [1, 0, 0, 0, 0, 0, 0, 181, 229, 45, 0, 0, 0, 0, 166, 0, 0, 0, 0, 0, 0, 0, 404, 55],
  moves: [0, 0, 0, 376],
};

/** Problems that report a read which may fail. */
const DOUBTS = ['may-be-null', 'not-upstream', 'not-in-scope', 'not-visible', 'unknown-node'];

const problemsOf = (graph: Graph): Problem[] => validate(graph, { catalogue });

/** The graph as an author would write it who follows the hints of `may-be-null`. */
function guarded(graph: Graph): Graph {
  const copy = structuredClone(graph);
  for (const { code, path, message } of problemsOf(graph)) {
    if (code !== 'may-be-null') continue;
    const id = /`nodes\.(\w+)`/.exec(message)![1]!;
    const keys = path.slice(1).split('/');
    const last = keys.pop()!;
    const holder = keys.reduce((at, key) => (at as Record<string, object>)[key] as object, copy as object) as Record<
      string,
      string
    >;
    holder[last] = holder[last]!.replaceAll(`nodes.${id}.`, `nodes.${id}?.`);
  }
  return copy;
}

const playRandomly = (graph: Graph, moves: readonly number[]): Game =>
  playOut(planOfGraph(graph), drawFrom(moves), { failures: true, operators: true });

describe('what the validator says of a graph', () => {
  it('holds: a graph it has no doubts about never reads a property of null', () => {
    let checked = 0;
    fc.assert(
      fc.property(cases, ({ graph: choices, moves }) => {
        const graph = guarded(randomGraph(drawFrom(choices), { ...ALL, reads: true }));
        const problems = problemsOf(graph);
        // Refused, because the rest of the body would go on without it.
        fc.pre(problems.every(({ code }) => code !== 'stop-in-finally'));
        expect(problems.filter(({ code }) => DOUBTS.includes(code))).toEqual([]);
        const game = playRandomly(graph, moves);
        const failures = game.steps.flatMap(({ error }) => (error?.code === 'expression' ? [error] : []));
        expect(failures).toEqual([]);
        expect(game.error?.code).not.toBe('expression');
        checked += game.steps.length;
      }),
      { numRuns, examples: [[LOST_RACE]] },
    );
    expect(checked).toBeGreaterThan(numRuns);
  });

  it('holds: what never runs does not run', () => {
    let dead = 0;
    fc.assert(
      fc.property(cases, ({ graph: choices, moves }) => {
        const graph = randomGraph(drawFrom(choices));
        const never = problemsOf(graph)
          .filter(({ code }) => code === 'never-runs' || code === 'unreachable')
          .map(({ path }) => /.*\/nodes\/(\w+)/.exec(path)![1]!);
        dead += never.length;
        const game = playRandomly(graph, moves);
        const ran = game.steps.filter(
          ({ node, path, status }) => never.includes(node) && path.endsWith(node) && status !== 'skipped',
        );
        expect(ran).toEqual([]);
      }),
      // One graph in seventy has such a node.
      { numRuns: 4 * numRuns },
    );
    expect(dead).toBeGreaterThan(0);
  });
});
