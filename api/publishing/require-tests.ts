import { Worker } from 'node:worker_threads';
import { requiresTests } from '../../db/index.ts';
import type { NodeFacts } from '../../graph/catalogue.ts';
import type { Graph } from '../../graph/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Longest that the tests of one graph may take, and most memory, in megabytes. */
const LIMIT_MS = 30_000;
const MOST_MB = 256;
/** Test runs at a time: each takes a core. */
const AT_ONCE = 2;

/** What came of the tests. */
export interface TestsOutcome {
  readonly cases: number;
  readonly failed: readonly string[];
}

/** What the thread is given. */
export interface TestsTask {
  readonly graph: Graph;
  readonly tests: string;
  readonly nodes: readonly (readonly [string, NodeFacts])[];
  readonly triggers: readonly (readonly [string, unknown])[];
}

let running = 0;

/**
 * Runs the tests that come with a graph. The workspace may require some.
 *
 * @param tests the text of a file of graph tests
 * @throws ApiProblem `tests.missing`, `tests.failed`, `server.busy`
 */
export async function requireTests(ctx: Context, graph: Graph, tests: string | undefined): Promise<void> {
  if (tests === undefined) {
    if (await ctx.tenant(requiresTests)) throw missing();
    return;
  }
  const { cases, failed } = await runTests(ctx, graph, tests);
  if (failed.length === 0 && cases > 0) return;
  const [first = 'There are no cases.', ...more] = failed;
  throw new ApiProblem(
    'tests.failed',
    `${first.slice(0, 1_000)}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
  );
}

async function runTests({ catalogue }: Context, graph: Graph, tests: string): Promise<TestsOutcome> {
  if (running >= AT_ONCE) throw new ApiProblem('server.busy', 'Other graphs are being tested. Send the request again.');
  running++;
  try {
    // The graph was checked already, and a function does not go to a thread.
    const triggers = [...(catalogue.triggers ?? [])].map(([type, { refuses: _, ...facts }]) => [type, facts] as const);
    const workerData: TestsTask = { graph, tests, nodes: [...catalogue], triggers };
    return await outcomeOf(new Worker(new URL('tests-thread.ts', import.meta.url), { workerData, resourceLimits }));
  } finally {
    running--;
  }
}

const resourceLimits = { maxOldGenerationSizeMb: MOST_MB };

async function outcomeOf(thread: Worker): Promise<TestsOutcome> {
  const timer = setTimeout(() => void thread.terminate(), LIMIT_MS);
  const cannot = (why: string): TestsOutcome => ({ cases: 0, failed: [why] });
  try {
    return await new Promise<TestsOutcome>((resolve) => {
      thread.once('message', resolve);
      thread.once('error', ({ message }) => resolve(cannot(`The tests cannot be run: ${message}`)));
      thread.once('exit', () => resolve(cannot(`The tests took longer than ${LIMIT_MS / 1_000} s.`)));
    });
  } finally {
    clearTimeout(timer);
    void thread.terminate();
  }
}

const missing = (): ApiProblem =>
  new ApiProblem(
    'tests.missing',
    'This workspace publishes only graphs with tests that pass. Send them in "tests" (blok publish --require-tests does).',
  );
