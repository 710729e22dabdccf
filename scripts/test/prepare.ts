/** Gets what the e2e tests need and a machine may lack. It says what is missing; those tests are skipped by name. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { surfpool } from '../../embedded/chain/surfpool.ts';
import { temporalCli } from '../../embedded/temporal/cli.ts';
import { serverPrograms } from '../testing/temporal/server.ts';
import { timeSkippingServer } from '../testing/temporal/time-skipping.ts';

/** Promises of what is not available, one line for each thing. */
export interface Preparation {
  /** What most e2e tests need: downloads. */
  readonly downloads: Promise<readonly string[]>;
  /** What a few tests need: built with Go while the tests run, using only idle processor time. */
  readonly builds: Promise<readonly string[]>;
}

/**
 * Starts to get everything.
 * @param paths parts of the paths of the tests that will run; none: all of them
 */
export function prepareServers(root: string, paths: readonly string[]): Preparation {
  const downloads = collect([
    ['Temporal', () => temporalCli()],
    ['Time-skipping server', () => timeSkippingServer()],
    ['Surfpool', () => surfpool()],
  ]);
  const builds = needsWholeServer(root, paths)
    ? downloads.then(() => collect([['Temporal server on Postgres', () => serverPrograms({ gently: true })]]))
    : Promise.resolve([]);
  return { downloads, builds };
}

async function collect(wanted: readonly (readonly [what: string, get: () => Promise<unknown>])[]): Promise<string[]> {
  const missing: string[] = [];
  for (const [what, get] of wanted) {
    await get().catch((error: Error) => missing.push(`${what}: ${error.message}`));
  }
  return missing;
}

/** Whether a test that will run needs the whole server (`describeWith`), because its build takes minutes. */
function needsWholeServer(root: string, paths: readonly string[]): boolean {
  return globSync('**/*.e2e.test.ts', { cwd: root, exclude: ['**/node_modules'] })
    .filter((file) => paths.length === 0 || paths.some((path) => file.includes(path)))
    .some((file) => readFileSync(join(root, file), 'utf8').includes("'temporal-server'"));
}
