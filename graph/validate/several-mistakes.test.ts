import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Problem } from '../problems/problem.ts';
import { type Fields, type Mistake, mistakes, type PlantedAt } from './testing/mistakes.ts';
import { testCatalogue, testConnections } from './testing/validated.ts';
import { validate } from './validate.ts';

const examples: object[] = readFileSync(new URL('./testing/language-examples.yaml', import.meta.url), 'utf8')
  .split(/^---\n/m)
  .map((text) => parse(text));
const context = { catalogue: testCatalogue, connections: new Map([...testConnections, ['crm', { type: 'x' }]]) };
const check = (graph: object) => validate(graph as never, context);

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function nodesOf(siblings: Record<string, Fields>, path: string): PlantedAt[] {
  return Object.entries(siblings).flatMap(([id, node]) => {
    const at = `${path}/nodes/${id}`;
    return [{ id, node, path: at, siblings }, ...(node.nodes ? nodesOf(node.nodes, at) : [])];
  });
}

interface Trial {
  readonly planted: readonly { readonly mistake: Mistake; readonly path: string }[];
  readonly problems: readonly Problem[];
  readonly before: readonly Problem[];
}

/** An example with this many mistakes, each in its own node. */
function plant(seed: number, count: number): Trial {
  const dice = createDice(seed);
  const example = examples[dice(examples.length)]!;
  const graph = structuredClone(example) as { nodes: Record<string, Fields> };
  const places = nodesOf(graph.nodes, '').filter(({ node }) => node.nodes === undefined);
  const planted: { mistake: Mistake; path: string }[] = [];
  while (planted.length < count && places.length > 0) {
    const mistake = mistakes[dice(mistakes.length)]!;
    if (planted.some((other) => other.mistake === mistake)) continue;
    const [at] = places.splice(dice(places.length), 1);
    const path = mistake.plant(at!, graph);
    if (path !== null && !planted.some((other) => other.path === path)) planted.push({ mistake, path });
  }
  return { planted, problems: check(graph), before: check(example) };
}

const isShown = ({ problems }: Trial, { mistake, path }: Trial['planted'][number]): boolean =>
  problems.some((found) => found.code === mistake.code && found.path === path);

describe('the first answer', () => {
  it.each([1, 2, 3])(
    'shows each of %i mistakes, and little else',
    (count) => {
      const trials = Array.from({ length: 300 }, (_, seed) => plant(seed * 7 + count, count));
      const missed = trials.flatMap((trial) =>
        trial.planted.filter((each) => !isShown(trial, each)).map(({ mistake, path }) => `${mistake.name} at ${path}`),
      );
      const total = trials.reduce((sum, { planted }) => sum + planted.length, 0);
      const followUps = trials.flatMap(({ problems, planted, before }) =>
        problems
          .filter(({ code, path }) => !planted.some((each) => each.path === path && each.mistake.code === code))
          .filter(({ code, path }) => !before.some((each) => each.path === path && each.code === code))
          .map(({ code, path }) => `${code} ${path} after ${planted.map(({ mistake }) => mistake.name).join(', ')}`),
      );
      expect(missed.length / total, missed.join('\n')).toBeLessThanOrEqual(0.01);
      expect(followUps.length / total, followUps.join('\n')).toBeLessThanOrEqual(0.05);
    },
    60_000,
  );
});
