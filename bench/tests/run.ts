import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { conclude } from '../results.ts';
import { percentile } from '../statistics.ts';

/** How long `blok test` may take for all examples, from the command line to its end. */
const GOAL_MS = 3_000;
const TIMES = 10;

const at = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Runs the graph tests of all examples as a person does, again and again. */
export async function benchTests({ quick, write }: { quick: boolean; write: boolean }): Promise<boolean> {
  // The first one makes the bundle that all others use.
  await testAll();
  const runs: { ms: number; files: number; cases: number }[] = [];
  for (let n = 0; n < (quick ? 3 : TIMES); n++) runs.push(await testAll());
  const times = runs.map(({ ms }) => ms);
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  const { files, cases } = runs[0]!;
  const table = [
    '| files of tests | cases | `blok test examples`: median | p95 |',
    '|---|---|---|---|',
    `| ${files} | ${cases} | ${p50.toFixed(0)} ms | ${p95.toFixed(0)} ms |`,
  ].join('\n');
  const missed = p95 > GOAL_MS ? [`p95: ${p95.toFixed(0)} ms, over ${GOAL_MS} ms`] : [];
  return conclude('tests', { table, missed, write });
}

async function testAll(): Promise<{ ms: number; files: number; cases: number }> {
  const began = performance.now();
  const args = [at('cli/blok.mjs'), 'test', at('examples'), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: at('.'), maxBuffer: 2 ** 26 });
  const ms = performance.now() - began;
  const results = JSON.parse(stdout) as { cases: unknown[] }[];
  return { ms, files: results.length, cases: results.reduce((sum, { cases }) => sum + cases.length, 0) };
}
