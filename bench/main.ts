/**
 * `npm run bench -- NAME [options]`: measures, prints, and with `--write` puts the table into bench/RESULTS.md. Exits
 * with 1 if a gate is not met.
 *
 * - `flood [--quick] [--write]`: a webhook beside another one that gets 2,000 requests a second
 * - `history [--quick] [--write]`: lists, filters and counts of a million runs with ten million steps, at the first and the
 *   ten-thousandth page, and the removal of a month
 * - `interpreter [--quick] [--shapes 3,10,40,1000,fan-out] [--write]`: graphs against the same work written by hand
 * - `live [--quick] [--write]`: two hundred clients that follow runs, while an API and Redis are killed
 * - `memory [--quick] [--write]`: what runs of several kinds take of the workflow thread's heap
 * - `neighbours [--quick] [--floods scripts,calls] [--write]`: small runs beside runs that cost as much as they can
 * - `soak [--quick] [--write]`: five ordinary runs a second beside hostile ones of every kind, for half an hour
 * - `start [--quick] [--shapes 1,16,64,memory] [--beside n8n] [--write]`: starts of a run of one node, each answered
 *   with the end of the run; beside n8n, which is installed for this
 * - `steady [--quick] [--write]`: ten minutes at 70 % of the most that API and worker can do: memory, and whether every run
 *   that was accepted ended right, once
 * - `tests [--quick] [--write]`: the graph tests of all examples
 * - `webhook [--quick] [--shapes 1,16,64] [--write]`: webhooks with a synchronous answer behind one or ten `set` nodes,
 *   executed at once and by Temporal, beside n8n on the same Postgres
 */
import { parseArgs } from 'node:util';
import { benchFlood } from './flood/run.ts';
import { benchHistory } from './history/run.ts';
import { benchInterpreter } from './interpreter/run.ts';
import { benchLive } from './live/run.ts';
import { benchMemory } from './memory/run.ts';
import { benchNeighbours } from './neighbours/run.ts';
import { benchSoak } from './soak/run.ts';
import { benchStart } from './start/run.ts';
import { benchSteady } from './steady/run.ts';
import { benchTests } from './tests/run.ts';
import { benchWebhook } from './webhook/run.ts';

interface Options {
  readonly quick: boolean;
  readonly shapes?: string[];
  readonly floods?: string[];
  readonly beside?: string[];
  readonly write: boolean;
}

const BENCHMARKS: Record<string, (options: Options) => Promise<boolean>> = {
  flood: benchFlood,
  history: benchHistory,
  interpreter: benchInterpreter,
  live: benchLive,
  memory: benchMemory,
  neighbours: benchNeighbours,
  soak: benchSoak,
  start: benchStart,
  steady: benchSteady,
  tests: benchTests,
  webhook: benchWebhook,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    shapes: { type: 'string' },
    floods: { type: 'string' },
    beside: { type: 'string' },
    write: { type: 'boolean' },
  },
});
const bench = BENCHMARKS[positionals[0] ?? ''];
if (!bench) {
  console.error(`Which benchmark? One of: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(2);
}
const met = await bench({
  quick: values.quick ?? false,
  write: values.write ?? false,
  ...(values.shapes ? { shapes: values.shapes.split(',') } : {}),
  ...(values.floods ? { floods: values.floods.split(',') } : {}),
  ...(values.beside ? { beside: values.beside.split(',') } : {}),
});
process.exit(met ? 0 : 1);
