import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FuzzReport } from './expressions.ts';
import { randomOf } from './random.ts';
import { makeSource } from './sources.ts';

/** A stretch of cases. */
export interface Stretch {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

/** Outcome of a stretch: the report, or the sources that crashed the process. */
export interface Outcome {
  readonly reports: readonly FuzzReport[];
  readonly deaths: readonly { readonly index: number; readonly source: string; readonly how: string }[];
}

/** Heap of a child process: an evaluation that needs more than this counts as a crash. */
const HEAP_MB = 256;

/** Runs a stretch in a child process; if the child dies or hangs, halves the stretch until the source is found. */
export async function runStretch(stretch: Stretch): Promise<Outcome> {
  const result = await runChild(stretch);
  if (typeof result !== 'string') return { reports: [result], deaths: [] };
  if (stretch.count === 1) {
    const source = makeSource(randomOf(stretch.seed, stretch.from));
    return { reports: [], deaths: [{ index: stretch.from, source, how: result }] };
  }
  const half = Math.floor(stretch.count / 2);
  const first = await runStretch({ ...stretch, count: half });
  const second = await runStretch({ ...stretch, from: stretch.from + half, count: stretch.count - half });
  return { reports: [...first.reports, ...second.reports], deaths: [...first.deaths, ...second.deaths] };
}

/** The child's report, or how it died. */
function runChild({ seed, from, count }: Stretch): Promise<FuzzReport | string> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [seed, from, count].map(String), {
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      // Fifty times what the cases take: enough time on a busy machine, and a limit for a hang.
      timeout: 60_000 + count * 10,
      killSignal: 'SIGKILL',
    });
    let report: FuzzReport | undefined;
    child.on('message', (message) => {
      report = message as FuzzReport;
    });
    child.on('error', (error) => resolve(String(error)));
    child.on('exit', (code, signal) => resolve(report ?? `ended with ${signal ?? `code ${code}`}`));
  });
}
