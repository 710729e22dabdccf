/** The order of test files: those that take longest begin first. If one of them began last, the suite would wait for it alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long for their size, the longest of each project first. Among all others, Vitest begins with the largest. */
export const LONG = [
  'workflows/called-runs.test.ts',
  'integrations/conformance.test.ts',
  'integrations/document/corpus.test.ts',
  'workflows/busy-runs.test.ts',
  'scripts/release/check-release.test.ts',
  'integrations/document/ocr.test.ts',
  'scripts/fuzz/expressions.test.ts',
  'api/hostile.integration.test.ts',
  'integrations/solana/chaos.integration.test.ts',
  'credentials/killed.integration.test.ts',
  'db/queries/runs/take-along.integration.test.ts',
  'integrations/solana/wallet/services/planted.integration.test.ts',
  'examples/agent-killed.e2e.test.ts',
  'embedded/start/start.e2e.test.ts',
  'api/triggers/setup/schedule-clock.e2e.test.ts',
  'examples/examples.e2e.test.ts',
  'worker/quarantine/crashed-steps.e2e.test.ts',
  'workflows/rules/long-loops.e2e.test.ts',
  'workflows/triggers/crossings-killed.e2e.test.ts',
  'workflows/monitor.e2e.test.ts',
  'examples/kill.e2e.test.ts',
  'examples/parts-killed.e2e.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
  return at < 0 ? LONG.length : at;
}
