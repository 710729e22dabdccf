/** A Vitest reporter that writes what `report.ts` describes to the file that `BLOK_TEST_REPORT` names. */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { FileResult, Report } from './report.ts';

/** Made by Vitest: `--reporter=scripts/test/reporter.ts`. */
export default class FileReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const files = modules.map((module) =>
      fileResult(
        module,
        errors.filter((error) => fileOf(error) === module.moduleId),
      ),
    );
    const placed = errors.filter((error) => modules.some(({ moduleId }) => moduleId === fileOf(error)));
    const report: Report = { files, errors: errors.length - placed.length };
    writeFileSync(process.env.BLOK_TEST_REPORT!, JSON.stringify(report));
  }
}

/** The test file that was running when an error outside of any test occurred, as Vitest records it. */
const fileOf = (error: SerializedError): unknown => error.VITEST_TEST_PATH;

function fileResult(module: TestModule, errors: readonly SerializedError[]): FileResult {
  const tests = [...module.children.allTests()].map((test) => ({ name: test.fullName, state: test.result().state }));
  const count = (state: string) => tests.filter((test) => test.state === state).length;
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  const ended = module.state() === 'passed' || module.state() === 'skipped';
  return {
    file: module.relativeModuleId,
    ms: Math.round(collectDuration + setupDuration + duration),
    passed: count('passed'),
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    failed: (ended ? 0 : Math.max(1, count('failed'))) + errors.length,
    skipped: tests.filter(({ state }) => state !== 'passed' && state !== 'failed').map(({ name }) => name),
  };
}
