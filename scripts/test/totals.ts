/** Adding up what Vitest reports, and saying it. */

/** What a part of the suite came to. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that did not run; the reason stands in the name. */
  readonly skipped: readonly string[];
}

/** The parts of Vitest's JSON report that count. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Totals of one project.
 * @param report undefined if Vitest ended before it could write one
 * @param exitCode Vitest's: it can fail without a failed test, by an error outside of all tests
 */
export function totalsOf(project: string, report: VitestReport | undefined, exitCode: number | null): Totals {
  const results = report?.testResults ?? [];
  const passed = report?.numPassedTests ?? 0;
  const broken = results.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  const failed = (report?.numFailedTests ?? 0) + broken.length;
  const skipped = results.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${project}: ${fullName.trim()}`),
  );
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** The closing line, alone on its line: `12 passed, 0 failed` or `12 passed, 0 failed, 3 skipped`. */
export function closingLine(parts: readonly Totals[]): string {
  const sum = (count: (totals: Totals) => number) => parts.reduce((total, part) => total + count(part), 0);
  const skipped = sum((totals) => totals.skipped.length);
  const line = `${sum((totals) => totals.passed)} passed, ${sum((totals) => totals.failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
