/** A run without Temporal comes to the same result as the product's workflow code, on a fake Temporal, for random graphs. */
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { inlineRun, needsWorker } from '../graph/inline-run/index.ts';
import { unpackPlan } from '../graph/plan/pack.ts';
import type { StepRecord } from '../graph/run-state/index.ts';
import { drawFrom as drawGraph, draws, type Kinds, randomGraph } from '../graph/run-state/testing/random-graphs.ts';
import { catalogue } from '../integrations/describe.ts';
import { startInputOf } from '../worker/testing/graph-worker.ts';
import { type RunRecord, type StartInput, workflowType } from './contract.ts';
import { drawFrom } from './testing/draw.ts';
import { fakeTemporal } from './testing/fake-temporal.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';

const LOOPS = ['try', 'set', 'forEach', 'set', 'while', 'race', 'if', 'set'];

/** What a graph without effects and waits may contain. */
const PURE: Kinds = { uses: [...LOOPS, ...LOOPS, 'respond', 'fail', 'stop'], timeouts: true };

const startOf = (graph: object): StartInput => startInputOf(JSON.stringify(graph), catalogue());

function runsInline(start: StartInput) {
  const { trigger, input, vars, runId, workflow, version, url } = start;
  const facts = {
    trigger,
    input: input as never,
    vars,
    run: { id: runId, startedAt: new Date().toISOString(), workflow, version, url },
  };
  return inlineRun({ plan: unpackPlan(start.plan as never), facts, clock: Date.now });
}

/** The record that the worker writes at the end. */
async function runsDurably(sandbox: Sandbox, start: StartInput): Promise<RunRecord> {
  const records: RunRecord[] = [];
  const temporal = fakeTemporal(sandbox, {
    draw: drawFrom(1),
    longestTimerMs: 60_000,
    taskMs: 1,
    suggestsOneIn: 0,
    sink: (name, input: never) => void (name === 'close' && records.push(input)),
    answer: (type) => {
      throw new Error(`A graph that only computes asked for ${type}.`);
    },
  });
  temporal.start(workflowType('random'), 'random', start);
  while (records.length === 0 && (await temporal.step()));
  await temporal.dispose();
  return records[0]!;
}

const withoutTimes = (steps: readonly StepRecord[]) =>
  JSON.parse(JSON.stringify(steps.map(({ startedAt: _, endedAt: __, ...step }) => step))) as object;

describe('a run without Temporal', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  }, 120_000);

  it('has the output and the steps that a durable run has, if it succeeds', { timeout: 120_000 }, async () => {
    let inline = 0;
    let durable = 0;
    await fc.assert(
      fc.asyncProperty(draws(120), async (numbers) => {
        const start = startOf(randomGraph(drawGraph(numbers), PURE));
        const here = runsInline(start);
        const there = await runsDurably(sandbox, start);
        if (here) inline++;
        else durable++;
        expect(here !== null).toBe(there.status === 'succeeded');
        if (!here) return;
        expect(here.output).toEqual(JSON.parse(JSON.stringify(there.output)));
        expect(withoutTimes(here.steps)).toEqual(withoutTimes(there.steps));
      }),
      { numRuns: 300, seed: inject('seed') },
    );
    expect(inline).toBeGreaterThan(50);
    expect(durable).toBeGreaterThan(5);
  });

  const nodes = { s: { uses: 'set', with: { value: 1 } } };
  const graph = (more: object) => startOf({ blok: 1, name: 'random', nodes, ...more });

  it.each<[string, object]>([
    [
      'computes longer than one expression may',
      {
        nodes: {
          s: {
            uses: 'while',
            with: { state: 0, test: '${{ state < 100000 }}', max: 'unlimited' },
            nodes: {},
            output: '${{ state + 1 }}',
          },
        },
      },
    ],
    [
      'computes a value that has to be stored',
      { nodes: { s: { uses: 'set', with: { value: "${{ 'x'.padEnd(100000) }}" } } } },
    ],
    [
      'has a list for child workflows',
      { nodes: { e: { uses: 'forEach', with: { items: '${{ Array.from({ length: 501 }) }}' }, nodes } } },
    ],
    ['fails', { nodes: { f: { uses: 'fail', with: { code: 'a.b' } } } }],
    ['returns more than a history holds', { output: "${{ 'x'.padEnd(300000) }}" }],
  ])('is left to Temporal if it %s', (_what, more) => {
    expect(runsInline(graph(more))).toBeNull();
  });

  it.each<[string, object, boolean]>([
    ['only computes', {}, false],
    ['says so', { execution: 'durable' }, true],
    ['limits how many runs there are', { concurrency: { limit: 1 } }, true],
    ['has an effect', { nodes: { l: { uses: 'kv.get', with: { key: 'x' } } } }, true],
    ['waits in a body', { nodes: { t: { uses: 'try', nodes: { w: { uses: 'wait', with: { for: '1s' } } } } } }, true],
    [
      'waits in a catch',
      { nodes: { t: { uses: 'try', nodes, catch: { nodes: { w: { uses: 'waitForEvent', with: { event: 'x' } } } } } } },
      true,
    ],
    [
      'waits in a finally',
      { nodes: { t: { uses: 'try', nodes, finally: { nodes: { w: { uses: 'wait', with: { for: '1s' } } } } } } },
      true,
    ],
  ])('is needed for a graph that %s', (_what, more, needed) => {
    expect(needsWorker(unpackPlan(graph(more).plan as never))).toBe(needed);
  });
});
