/** A run of each example, repeated from each of its steps with its own outputs, ends as it did. */
import { describe, expect, inject, it } from 'vitest';
import { parseSuite } from '../graph/cases/index.ts';
import { type Playable, playCase } from '../graph/cases/play.ts';
import { withDefaults } from '../graph/cases/run-suite.ts';
import type { Case, Played } from '../graph/cases/types.ts';
import { compile } from '../graph/compile/index.ts';
import { validateText } from '../graph/index.ts';
import { takeOverFrom } from '../graph/replay/index.ts';
import { catalogue } from '../integrations/describe.ts';
import { drawFrom } from '../workflows/testing/draw.ts';
import { graphsOf, loadExamples, readExample } from './testing/case.ts';

/** Steps tried of one run: a loop of ten thousand items has as many. */
const MOST_STEPS = 40;

const graphs = loadExamples().flatMap(({ name }) => graphsOf(name).map((file) => [name, file] as const));

function playableOf(name: string, file: string): Playable {
  const facts = catalogue();
  const { graph } = validateText(readExample(name, file), { catalogue: facts });
  return { graph: graph!, plan: compile(graph!, facts).plan!, catalogue: facts };
}

function casesOf(name: string, file: string): Case[] {
  const { suite } = parseSuite(readExample(name, file.replace(/\.yaml$/, '.test.yaml')));
  // A cancel comes at a time, and time passes otherwise when waits are over already.
  return suite!.cases.map((one) => withDefaults(one, suite!.defaults)).filter(({ cancel }) => cancel === undefined);
}

const ends = ({ status, output, error }: Played) => ({ status, output, code: error?.code, step: error?.step });

/** Paths of the graph's own steps that began: some of them, if there are many. */
function pathsOf(played: Played, seed: number): string[] {
  const paths = played.steps
    .filter(({ path, status }) => status !== 'skipped' && !/\.(compensate|notify)$/.test(path))
    .map(({ path }) => path);
  const draw = drawFrom(seed);
  while (paths.length > MOST_STEPS) paths.splice(draw(paths.length), 1);
  return paths;
}

describe('a re-run of an example', () => {
  it.each(graphs)('%s/%s from each step, with its own outputs, gives the original output', (name, file) => {
    const subject = playableOf(name, file);
    let tried = 0;
    for (const one of casesOf(name, file)) {
      const first = playCase(subject, one);
      for (const from of pathsOf(first, inject('seed'))) {
        const over = takeOverFrom({
          plan: subject.plan,
          steps: first.steps,
          from,
          succeeded: first.status === 'succeeded',
        })!;
        expect({ case: one.name, from, missing: over.missing }).toEqual({ case: one.name, from, missing: [] });
        const again = playCase(subject, one, over.taken);
        expect({ case: one.name, from, ...ends(again) }).toEqual({ case: one.name, from, ...ends(first) });
        // What is taken over is not done again.
        const repeated = again.effects.filter(({ path }) => Object.hasOwn(over.taken.steps, path));
        expect({ case: one.name, from, repeated }).toEqual({ case: one.name, from, repeated: [] });
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
});
