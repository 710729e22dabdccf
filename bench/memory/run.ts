import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { catalogue } from '../../integrations/describe.ts';
import { startInputOf } from '../../worker/testing/graph-worker.ts';
import { workflowType } from '../../workflows/contract.ts';
import { drawFrom } from '../../workflows/testing/draw.ts';
import { fakeTemporal } from '../../workflows/testing/fake-temporal.ts';
import { openSandbox, type Sandbox } from '../../workflows/testing/sandbox.ts';
import { writeResults } from '../results.ts';
import { type Held, KINDS } from './kinds.ts';

/** The most that one run may take: what it holds is counted, not measured, and memory is more than values. */
const MOST_PER_RUN = 12_000_000;
const META = { attempt: 1, startedAt: '2030-01-01T00:00:00.000Z', endedAt: '2030-01-01T00:00:00.000Z' };

/**
 * What a run takes of the heap of the workflow thread while it is kept there: the product's workflow code in the SDK's
 * sandbox, on a fake Temporal in the same process, which adds little.
 */
export async function benchMemory({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const sandbox = await openSandbox(['blokRecord', 'blokWaits', 'blokStore', 'blokSteps']);
  const rows: string[] = [];
  let met = true;
  for (const kind of KINDS) {
    // The sandbox keeps the last run that was active: a small one does not distort what comes next.
    await holdAll(sandbox, KINDS[0]!, 5, collect);
    const count = quick ? Math.ceil(kind.count / 10) : kind.count;
    const bytes = await holdAll(sandbox, kind, count, collect);
    met &&= bytes <= MOST_PER_RUN;
    rows.push(`| ${kind.name} | ${count} | ${(bytes / 1_000).toFixed(0)} KB |`);
    console.log(rows.at(-1));
  }
  if (write) writeResults('memory', ['| a run that | runs | memory of each |', '|---|---|---|', ...rows].join('\n'));
  return met;
}

/** Starts runs until nothing moves any more. @returns what each of them takes, in bytes */
async function holdAll(
  sandbox: Sandbox,
  { graph, seconds }: Held,
  count: number,
  collect: () => void,
): Promise<number> {
  const temporal = fakeTemporal(sandbox, {
    draw: drawFrom(1),
    longestTimerMs: seconds * 1_000,
    suggestsOneIn: 0,
    sink: () => undefined,
    answer: (type) => answerOf(type),
  });
  const start = startInputOf(graph, catalogue());
  const before = await settledHeap(collect);
  for (let n = 0; n < count; n++)
    temporal.start(workflowType('memory'), `memory-${n}`, { ...start, runId: `memory-${n}` });
  while (await temporal.step());
  const held = (await settledHeap(collect)) - before;
  await temporal.dispose();
  return held / count;
}

/** The heap once everything that can be freed is freed: what was awaited is let go a few turns later. */
async function settledHeap(collect: () => void): Promise<number> {
  for (let n = 0; n < 5; n++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

function answerOf(type: string) {
  if (type === 'blokWaits') return { output: [] };
  if (type === 'blokStore') return { output: { sha256: 'a'.repeat(64), size: 100_000, preview: 'x'.repeat(200) } };
  if (type.startsWith('blok')) return { output: null };
  return { output: { output: { status: 200, body: 'x'.repeat(1_000) }, meta: META } };
}
