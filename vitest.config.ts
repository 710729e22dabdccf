import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/test/longest-first.ts';

/** Folders that hold no tests of ours, or tests of other tools. */
const NEVER = ['**/node_modules/**', '**/.blok/**', 'web/**', 'my-nodes/**'];

// Vitest reads this file once per project: the first reading chooses the seed, the others find it.
if (!process.env.BLOK_TEST_SEED) {
  process.env.BLOK_TEST_SEED = String(randomInt(1, 2 ** 31));
  console.log(`seed ${process.env.BLOK_TEST_SEED} (BLOK_TEST_SEED=${process.env.BLOK_TEST_SEED} repeats this run)`);
}
const seed = Number(process.env.BLOK_TEST_SEED);

/** Files that run at a time. Vitest would leave one processor free, which is half of a machine with two. */
const WORKERS = Math.max(2, availableParallelism() - 1);

const E2E = ['**/*.e2e.test.ts'];

/**
 * E2e tests that need the machine for themselves, because they measure time, use all of it, fill the memory of their own
 * process, or share the product's own task queue on the shared Temporal; and those that need a server which may still be
 * in the making when the others begin.
 */
const ALONE = [
  'activities/rates/rates.e2e.test.ts',
  'embedded/start/distributed.e2e.test.ts',
  'examples/triggers-killed.e2e.test.ts',
  'integrations/code/sandbox.e2e.test.ts',
  'scripts/fuzz/limits.e2e.test.ts',
  'scripts/testing/temporal/servers.e2e.test.ts',
  'workflows/rules/load.e2e.test.ts',
  'workflows/rules/neighbours.e2e.test.ts',
  'workflows/scale.e2e.test.ts',
  'workflows/temporal-ui.e2e.test.ts',
  'worker/threads/crashed-runs.e2e.test.ts',
];

/** Both kinds of e2e tests. The servers are started once for each kind. */
const e2e = {
  globalSetup: ['scripts/testing/global-postgres.ts', 'scripts/testing/global-temporal.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/**
 * `unit` needs nothing, `integration` a real Postgres, `e2e` and `e2e-alone` Postgres, Temporal and processes. The two
 * servers are embedded ones, started once for all files; each test file asks for a database of its own (scripts/testing).
 */
export default defineConfig({
  test: {
    setupFiles: ['scripts/testing/seed.ts'],
    provide: { seed },
    teardownTimeout: 30_000,
    maxWorkers: WORKERS,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, '**/*.integration.test.ts', '**/*.e2e.test.ts'],
          // Processes, not threads: native modules (the bundler's, Temporal's) crash when a thread ends.
          pool: 'forks',
          // Files share a process and what it has loaded: half the processor time. A test mends what it changes.
          isolate: false,
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: NEVER,
          globalSetup: ['scripts/testing/global-postgres.ts'],
          // As in `unit`: loading the API takes a second, and there are more than a hundred files.
          pool: 'forks',
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...e2e,
          name: 'e2e',
          include: E2E,
          exclude: [...NEVER, ...ALONE],
          // One more than processors: they wait for timers, processes and servers most of the time.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: { ...e2e, name: 'e2e-alone', include: ALONE, exclude: NEVER, fileParallelism: false },
      },
    ],
  },
});
