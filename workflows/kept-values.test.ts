/** What a run computes comes out right, however much of it is stored on the way and however answers arrive. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { catalogue } from '../integrations/describe.ts';
import { startInputOf } from '../worker/testing/graph-worker.ts';
import { type RunRecord, workflowType } from './contract.ts';
import { drawFrom } from './testing/draw.ts';
import { fakeStore } from './testing/fake-store.ts';
import { fakeTemporal } from './testing/fake-temporal.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';

const MOST_MOVES = 5_000;
const META = { attempt: 1, startedAt: '2030-01-01T00:00:00.000Z', endedAt: '2030-01-01T00:00:00.000Z' };
const items = (count: number) => `\${{ Array.from({ length: ${count} }) }}`;
const each = (count: number, body: string, more = '') =>
  `{ uses: forEach, with: { items: "${items(count)}", concurrency: 20${more} }, ${body} }`;
const text = (length: string) =>
  `nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(${length}) }}" } } }, output: "\${{ nodes.s }}"`;

/** Graphs, and what they return. */
const GRAPHS: Record<string, readonly [nodes: string, output: string, returned: unknown]> = {
  'large values, one after another': [
    `a: { uses: set, with: { value: "\${{ 'x'.repeat(40000) }}" } }\n  b: { uses: set, needs: [a], with: { value: "\${{ nodes.a + 'y' }}" } }`,
    '${{ nodes.b.length }}',
    40_001,
  ],
  'items that return a lot': [
    `e: ${each(40, text('40000 + index'))}`,
    '${{ nodes.e.results.map(t => t.length).at(-1) }}',
    40_039,
  ],
  'a list of results that is large': [
    `e: ${each(100, text('1000 + index'))}`,
    '${{ nodes.e.results.at(-1).length }}',
    1_099,
  ],
  'many small values': [`e: ${each(400, text('6000 + index'))}`, '${{ nodes.e.count }}', 400],
  'a state that grows': [
    `w: { uses: while, with: { state: "", test: "\${{ state.length < 100000 }}" }, nodes: {}, output: "\${{ state + 'z'.repeat(30000) }}" }`,
    '${{ nodes.w.length }}',
    120_000,
  ],
  'a long loop': [`e: ${each(600, text('2000 + index'))}`, '${{ nodes.e.results.map(t => t.length).at(-1) }}', 2_599],
  'a long loop in which all fails': [
    `e: ${each(600, `nodes: { f: { uses: fail, with: { code: own.bad, message: "\${{ 'no '.repeat(150) }}" } } }`, ', onItemError: continue')}`,
    '${{ nodes.e.errors.length }}',
    600,
  ],
  'effects that return a lot together': [
    `e: ${each(200, 'nodes: { h: { uses: http.request, with: { url: "https://x.example" } } }, output: "${{ nodes.h.body }}"')}`,
    '${{ nodes.e.results.at(-1).length }}',
    20_000,
  ],
};

describe('a run that computes a lot', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox(['blokStore', 'blokLoad', 'blokPage', 'blokWaits', 'blokRecord', 'blokSteps']);
  }, 120_000);

  it.each(Object.entries(GRAPHS))(
    '%s',
    async (_kind, [nodes, output, returned]) => {
      for (const suggestsOneIn of [0, 20]) {
        const store = fakeStore();
        const records: RunRecord[] = [];
        const temporal = fakeTemporal(sandbox, {
          draw: drawFrom(inject('seed')),
          longestTimerMs: 60_000,
          suggestsOneIn,
          sink: (name, input: never) => void (name === 'close' && records.push(input)),
          answer: (type, input) => ({
            output: type.startsWith('blok')
              ? store.answer(type, input)
              : { output: { status: 200, body: 'b'.repeat(20_000) }, meta: META },
          }),
        });
        const start = startInputOf(`blok: 1\nname: kept\nnodes:\n  ${nodes}\noutput: "${output}"`, catalogue());
        temporal.start(workflowType('kept'), 'kept', start);
        for (let move = 0; move < MOST_MOVES && (await temporal.step()); move++);
        await temporal.dispose();
        expect(records.map(({ status, output, error }) => ({ status, output, error }))).toEqual([
          { status: 'succeeded', output: returned, error: null },
        ]);
      }
    },
    60_000,
  );
});
