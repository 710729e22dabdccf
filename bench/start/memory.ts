import { setTimeout } from 'node:timers/promises';
import type { Contender } from '../beside/contender.ts';
import { load } from '../beside/load.ts';
import { median, memoryOf } from '../statistics.ts';

const CALLERS = 16;
/** Long enough for V8 to notice that nothing is going on. */
const IDLE_MS = 30_000;
/** What API and worker may hold when the runs are over. */
const LIMIT_MB = 600;
const PROCESS = 'API and worker';

/** What API and worker held. */
export interface Memory {
  readonly runs: number;
  /** MB before the first run, while runs went on (median and most), after the last run, and idle. */
  readonly before: number;
  readonly during: number;
  readonly most: number;
  readonly after: number;
  readonly idle: number;
  /** Runs per second in the first and in the last tenth. */
  readonly rates: readonly [first: number, last: number];
}

/** Starts many small runs, then none. */
export async function measureMemory({ call, pids }: Contender, runs: number): Promise<Memory> {
  const now = () => memoryOf(pids[PROCESS]!);
  const before = now();
  const samples: number[] = [];
  const rates: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const { times, wall } = await load(call, { callers: CALLERS, count: runs / 10 });
    samples.push(now());
    rates.push((times.length / wall) * 1000);
  }
  const after = now();
  await setTimeout(IDLE_MS);
  const figures = { before, during: median(samples), most: Math.max(...samples), after, idle: now() };
  return { runs, ...figures, rates: [rates[0]!, rates.at(-1)!] };
}

/** The figures, in Markdown. */
export function renderMemory({ runs, before, during, most, after, idle, rates }: Memory): string {
  const fields = [before, during, most, after, idle].map((mb) => `${mb.toFixed(0)} MB`);
  return [
    `Memory of API and worker around ${runs} runs of ${CALLERS} callers (${rates[0].toFixed(0)} runs/s in the first tenth, ${rates[1].toFixed(0)} in the last):`,
    '',
    `| before | median | most | after the last run | idle for ${IDLE_MS / 1000} s |`,
    '|---|---|---|---|---|',
    `| ${fields.join(' | ')} |`,
  ].join('\n');
}

/** What is not as it should be. */
export const memoryGates = ({ after, idle }: Memory): string[] =>
  Object.entries({ 'after the last run': after, idle })
    .filter(([, mb]) => mb > LIMIT_MB)
    .map(([when, mb]) => `API and worker hold ${mb.toFixed(0)} MB ${when}, not at most ${LIMIT_MB}`);
