/** Adds up the results of the suite, and formats them. */
import type { ProjectResult } from './report.ts';

/** Totals of a part of the suite. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that did not run; the name includes the reason. */
  readonly skipped: readonly string[];
}

/** Totals of one project. */
export function totalsOf({ project, files, otherFailures }: ProjectResult): Totals {
  const sum = (key: 'passed' | 'failed') => files.reduce((total, file) => total + file[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed') + otherFailures,
    skipped: files.flatMap(({ skipped }) => skipped.map((name) => `${project}: ${name}`)),
  };
}

/** The ten files that took longest, a line for each. */
export function slowestFiles(results: readonly ProjectResult[]): string[] {
  return results
    .flatMap(({ project, files }) => files.map(({ file, ms }) => ({ project, file, ms })))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 10)
    .map(({ project, file, ms }) => `${(ms / 1000).toFixed(1)} s ${project} ${file}`);
}

/** The closing line, alone on its line: `12 passed, 0 failed` or `12 passed, 0 failed, 3 skipped`. */
export function closingLine(parts: readonly Totals[]): string {
  const sum = (count: (totals: Totals) => number) => parts.reduce((total, part) => total + count(part), 0);
  const skipped = sum((totals) => totals.skipped.length);
  const line = `${sum((totals) => totals.passed)} passed, ${sum((totals) => totals.failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
