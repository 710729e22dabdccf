/** Runs one Vitest project in its own process. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type ProjectResult, type Report, resultOf } from './report.ts';

/** Projects in the order in which they run: fast ones first. `e2e-alone` is the part of e2e that runs file by file. */
export const PROJECTS = ['unit', 'integration', 'e2e', 'e2e-alone'] as const;

/** Name of a Vitest project. */
export type Project = (typeof PROJECTS)[number];

/**
 * Runs a project.
 * @param args further arguments for Vitest, such as paths
 */
export async function runProject(root: string, project: string, args: readonly string[]): Promise<ProjectResult> {
  const folder = mkdtempSync(join(tmpdir(), 'blok-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'test', 'reporter.ts')}`];
    const { code, signal } = await vitest(
      root,
      ['run', '--project', project, '--passWithNoTests', ...reporters, ...args],
      file,
    );
    const report = read(file);
    if (!report)
      console.log(`Vitest ended without a report (${signal ?? `exit code ${code}`}): counted as one failure`);
    return resultOf(project, report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function vitest(root: string, args: readonly string[], reportFile: string): Promise<End> {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  // Tests that start `node` get this one, not an older one that happens to be on PATH.
  const PATH = [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter);
  // Hundreds of processes are started that load the same modules: compiled once, each starts in a quarter less processor time.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'blok', 'compiled');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    cwd: root,
    env: { ...process.env, PATH, NODE_COMPILE_CACHE, BLOK_TEST_REPORT: reportFile },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve({ code, signal });
    });
  });
}

function read(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
