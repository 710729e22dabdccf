/** A second chance for test files that failed: a file that passes on its own is flaky rather than broken. */
import type { FileResult, ProjectResult } from './report.ts';

/** More files than this do not fail by chance, and running all of them again would take too long. */
const MOST_FILES = 10;

/** Outcome of the second run. */
export interface SecondRun {
  /** The results, with those of the second run in place of the first. */
  readonly results: readonly ProjectResult[];
  /** Files that failed and then passed. */
  readonly flaky: readonly string[];
}

/**
 * Runs each failed file once more, on its own.
 * @param run runs one file of a project
 */
export async function repeatFailed(
  results: readonly ProjectResult[],
  run: (project: string, file: string) => Promise<ProjectResult>,
): Promise<SecondRun> {
  const failed = results.flatMap(({ project, files }) => files.filter(isFailed).map(({ file }) => ({ project, file })));
  if (failed.length > MOST_FILES) return { results, flaky: [] };
  const flaky: string[] = [];
  const after = new Map<string, FileResult>();
  for (const { project, file } of failed) {
    const again = await run(project, file);
    const second = again.files.find((result) => result.file === file);
    if (!second || isFailed(second) || second.passed === 0 || again.otherFailures > 0) continue;
    flaky.push(file);
    after.set(file, second);
  }
  const replaced = (result: ProjectResult) => ({
    ...result,
    files: result.files.map((file) => after.get(file.file) ?? file),
  });
  return { results: results.map(replaced), flaky };
}

const isFailed = ({ failed }: FileResult): boolean => failed > 0;
