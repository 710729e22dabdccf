import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGraph, validateText } from '../graph/index.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import { catalogue } from '../integrations/describe.ts';
import { parserBundle } from '../integrations/parsing/bundle.ts';
import { type Case, fill, graphsOf, loadExamples, readExample } from './testing/case.ts';
import { redrawn } from './testing/drawing.ts';
import { createDryWorld, type DryWorld } from './testing/dry-world.ts';
import { compareSeen, seenOf } from './testing/seen.ts';

const examples = loadExamples();
let world: DryWorld;
beforeAll(async () => {
  world = await createDryWorld();
  // A parser is bundled when it is first needed, which takes longer than a case may.
  await parserBundle('csv');
}, 120_000);
afterAll(() => world.close());

describe('examples', () => {
  it('are at least twelve', () => expect(examples.length).toBeGreaterThanOrEqual(12));

  it('are all in the table of examples/README.md', () => {
    const named = [...readExample('.', 'README.md').matchAll(/^\| \[([a-z0-9-]+)\]/gm)].map(([, name]) => name!);
    expect(named.sort()).toEqual(examples.map(({ name }) => name));
  });
});

describe.each(examples)('$name', ({ name, cases }) => {
  const readme = readExample(name, 'README.md');

  it.each(graphsOf(name))('%s is valid', (file) => {
    expect(validateText(readExample(name, file), { catalogue: catalogue() }).problems).toEqual([]);
  });

  it('is drawn correctly in its README (node examples/testing/drawing.ts)', () => expect(redrawn(name)).toBe(readme));

  it('has a README that shows the expected outputs', () => {
    const outputs = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!));
    const expected = cases.filter(({ ends }) => ends.status === 'succeeded').map(({ ends }) => ends.output);
    expect(outputs.length).toBeGreaterThan(0);
    for (const output of outputs) expect(expected.map((one) => named(one))).toContainEqual(output);
  });
});

/** An expected output, filled in with the words that the README uses. */
const named = (output: Json): Json => fill(output, { ID: 'SOL', RUN: 'RUN_ID' });

// Cases that need a server: a cancel by hand, and ten thousand rows, which are too many for a unit test.
const needsServer = (one: Case) =>
  one.name === 'all rows, twenty batches' || (one.during ?? []).some(({ cli }) => cli[0] === 'cancel');

describe.each(examples)('$name', ({ cases }) => {
  it.each(cases.filter((one) => !needsServer(one)))('ends as expected in a dry run: $name', async (one) => {
    // The id of every dry run is `dry-run`, so the effects of earlier runs are deleted first.
    await fetch(`${world.world}/effects`, { method: 'DELETE' });
    const filled = fill(one, { RUN: 'dry-run', ID: 'X1' });
    for (const step of filled.before ?? []) {
      if ('http' in step) await callPlayground(step.http);
      else if (step.cli[0] === 'publish') world.publish(fileOf(step.cli[1]!));
      else await runDry(filled, step.cli.slice(1));
    }
    const outcome = await runDry(filled, filled.run);
    const { status, output, error } = filled.ends;
    expect({ status: outcome.status, output: outcome.output, error: outcome.error }).toMatchObject({
      status,
      output,
      error: error ?? null,
    });
    if (!filled.before) expect(compareSeen(filled, await seenOf(world.world, 'dry-run'))).toEqual([]);
  });
});

async function callPlayground([method, path, body]: readonly [string, string, Json]): Promise<void> {
  const response = await fetch(`${world.world}${path}`, { method, body: JSON.stringify(body) });
  expect(response.status).toBeLessThan(300);
}

/** Runs the arguments of `blok run`; approvals and events are answered as the case says. */
async function runDry(one: Case, argv: readonly string[]) {
  const { graph } = parseGraph(fileOf(argv[0]!));
  const options = optionsOf(argv.slice(1));
  const input = options['--input']?.[0];
  const vars: JsonObject = {};
  for (const pair of options['--var'] ?? []) vars[pair.split('=')[0]!] = pair.split('=')[1]!;
  const trigger = options['--trigger']?.[0];
  const pins: Record<string, unknown> = {};
  const events: { name: string; key: string | null; data: Json }[] = [];
  for (const { cli } of one.during ?? []) {
    const given = optionsOf(cli.slice(2));
    if (cli[0] === 'event') {
      events.push({ name: cli[1]!, key: given['--key']?.[0] ?? null, data: JSON.parse(given['--data']![0]!) });
    } else {
      pins[cli[2]!] = {
        decision: cli.includes('--reject') ? 'rejected' : 'approved',
        by: given['--by']?.[0],
        comment: given['--comment']?.[0],
      };
    }
  }
  return world.run(graph!, {
    input: input === undefined ? {} : JSON.parse(input.startsWith('@') ? fileOf(input.slice(1)) : input),
    vars,
    pins,
    events,
    ...(trigger !== undefined && { trigger: { id: trigger, uses: graph!.triggers![trigger]!.uses } }),
  });
}

function fileOf(path: string): string {
  const [name, ...rest] = path.split('/');
  return readExample(name!, rest.join('/'));
}

/** `--name value` pairs of a command line, repeated ones in order. */
function optionsOf(argv: readonly string[]): Record<string, string[]> {
  const options: Record<string, string[]> = {};
  argv.forEach((arg, i) => {
    if (!arg.startsWith('--')) return;
    options[arg] = [...(options[arg] ?? []), argv[i + 1] ?? ''];
  });
  return options;
}
