/** The results of a Vitest project, file by file. */

/** One test file. */
export interface FileResult {
  /** Path from the project's root. */
  readonly file: string;
  /** How long it took, hooks and imports included. */
  readonly ms: number;
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that did not run; the name includes the reason. */
  readonly skipped: readonly string[];
}

/** What our reporter writes when Vitest has run. */
export interface Report {
  readonly files: readonly FileResult[];
  /** Errors that belong to no file, such as an unhandled rejection or a worker that died. */
  readonly errors: number;
}

/** The results of one project. */
export interface ProjectResult {
  readonly project: string;
  readonly files: readonly FileResult[];
  /** Failures that belong to no file. */
  readonly otherFailures: number;
}

/**
 * Result of one project.
 * @param report undefined if Vitest ended before it could write one
 * @param exitCode Vitest's exit code, because Vitest can fail without a failed test
 */
export function resultOf(project: string, report: Report | undefined, exitCode: number | null): ProjectResult {
  const { files = [], errors = 0 } = report ?? {};
  const explained = errors > 0 || files.some(({ failed }) => failed > 0);
  return { project, files, otherFailures: errors + (exitCode === 0 || explained ? 0 : 1) };
}
