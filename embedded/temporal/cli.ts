/** Getting the Temporal CLI, which is the embedded Temporal server. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../process/find-program.ts';
import { cacheFolder, makeWhole } from './cache.ts';
import { downloadCli } from './download.ts';
import { goBuild, goVersion } from './go-build.ts';
import { SILENT, startProgress } from './progress.ts';

/** The release we get when there is none yet; the one that servers/temporal-cli/go.mod pins. */
export const CLI_VERSION = '1.5.1';

/** Oldest server inside a CLI we take from PATH: flags and updates we rely on came with it. */
const OLDEST_SERVER = [1, 28] as const;

const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** How to look for the CLI. */
export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** False: take what is at hand, neither download nor build. Default true. */
  readonly mayFetch?: boolean;
  /** No lines of progress. */
  readonly quiet?: boolean;
  /** Stops a download or build. */
  readonly signal?: AbortSignal;
}

/**
 * Path of a working Temporal CLI: `TEMPORAL_CLI_PATH`, PATH, the cache, the official download, a build with Go.
 * @throws Error that says what was tried and what to do
 */
export async function temporalCli(options: FindOptions = {}): Promise<string> {
  const { env = process.env, mayFetch = true } = options;
  if (env.TEMPORAL_CLI_PATH) {
    const problem = await whyUnfit(env.TEMPORAL_CLI_PATH);
    if (!problem) return env.TEMPORAL_CLI_PATH;
    throw new Error(`TEMPORAL_CLI_PATH is ${env.TEMPORAL_CLI_PATH}, but ${problem}. Mend it or unset it.`);
  }
  const tried: string[] = [];
  const cached = join(cacheFolder(env), `temporal-cli-${CLI_VERSION}`, FILE);
  for (const path of [findProgram(FILE, env), cached]) {
    if (!path || !existsSync(path)) continue;
    const problem = await whyUnfit(path);
    if (!problem) return path;
    tried.push(`${path}: ${problem}`);
  }
  if (!mayFetch) throw new Error(['The Temporal CLI is not on this machine yet.', ...tried].join('\n'));
  try {
    return await makeWhole(cached, (temporary) => fetchCli(temporary, tried, options));
  } catch (error) {
    if (!(error instanceof NotObtained || options.signal?.aborted)) {
      throw new Error(`The Temporal CLI cannot be put into ${cached}: ${(error as Error).message}`);
    }
    throw error;
  }
}

class NotObtained extends Error {}

async function fetchCli(output: string, tried: string[], { quiet, signal }: FindOptions) {
  const start = quiet ? () => SILENT : startProgress;
  const download = start(`Downloading the Temporal CLI ${CLI_VERSION}`);
  try {
    await downloadCli(CLI_VERSION, output, download, signal);
    download.done();
    return;
  } catch (error) {
    download.done('not available');
    signal?.throwIfAborted();
    tried.push(`official download: ${(error as Error).message}`);
  }
  const go = goVersion();
  if (!go) {
    tried.push('build with Go: there is no `go` on PATH');
    throw notObtained(tried);
  }
  const build = start(`Building the Temporal CLI ${CLI_VERSION} with ${go} (once; takes 2-5 minutes)`);
  try {
    await goBuild(
      {
        module: 'temporal-cli',
        program: 'github.com/temporalio/cli/cmd/temporal',
        output,
        linkerFlags: `-X github.com/temporalio/cli/temporalcli.Version=${CLI_VERSION}`,
      },
      build,
      signal,
    );
    build.done();
  } catch (error) {
    build.done('failed');
    signal?.throwIfAborted();
    tried.push((error as Error).message);
    throw notObtained(tried);
  }
}

function notObtained(tried: readonly string[]) {
  return new NotObtained(
    [
      'Temporal could not be obtained. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'What to do, any one of:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI_PATH to it',
      '  - install Go (https://go.dev/dl) and start again',
      '  - set TEMPORAL_ADDRESS to a Temporal server that runs already',
    ].join('\n'),
  );
}

/** Why this program will not do, or undefined if it will. */
async function whyUnfit(path: string): Promise<string | undefined> {
  let said: string;
  try {
    said = (await promisify(execFile)(path, ['--version'], { timeout: 20_000 })).stdout.trim();
  } catch (error) {
    return `it does not run (${(error as Error).message.split('\n')[0]})`;
  }
  const server = /^temporal version .*\bServer (\d+)\.(\d+)\./i.exec(said);
  if (!server) return `it is not the Temporal CLI (it says: ${said.slice(0, 80)})`;
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const old = major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
  return old ? `its server is ${major}.${minor}, and ${OLDEST_SERVER.join('.')} or newer is needed` : undefined;
}
