/** The thread that runs graph tests: an author's test may take seconds, and the server has others to answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { parseSuite, runSuite } from '../../graph/cases/index.ts';
import type { Catalogue } from '../../graph/catalogue.ts';
import type { TestsOutcome, TestsTask } from './require-tests.ts';

const { graph, tests, nodes, triggers } = workerData as TestsTask;
const catalogue = Object.assign(new Map(nodes), { triggers: new Map(triggers) }) as Catalogue;

function outcome(): TestsOutcome {
  const { suite, problems, source } = parseSuite(tests);
  if (suite === null) return { cases: 0, failed: problems.map(({ path, message }) => `${path}: ${message}`) };
  const played = runSuite({ suite, ...(source ? { source } : {}), graph, catalogue });
  if (played.results === undefined)
    return { cases: 0, failed: played.problems.map(({ path, message }) => `${path}: ${message}`) };
  const failed = played.results.flatMap(({ name, differences }) =>
    differences.map(({ what, message }) => `${name}: ${what}: ${message}`),
  );
  return { cases: played.results.length, failed };
}

parentPort?.postMessage(outcome());
