import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BundleOptions, bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const INTERCEPTORS = join(ROOT, 'workflows', 'interceptors.ts');
const ENTRY = join(ROOT, 'workflows', 'index.ts');
/** Folders whose code can reach the bundle. */
const SOURCES = ['workflows', 'graph'];

/** The program that makes the bundle in a process of its own. */
const PROGRAM = join(ROOT, 'worker', 'make-bundle.ts');
const NODE_ARGS = ['--disable-warning=ExperimentalWarning'];
/** Where the bundle is kept if nobody says otherwise: it disappears together with what it is made from. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'blok');

/**
 * The workflow code for Temporal's sandbox, bundled. The bundle is made only when the sources have changed, because
 * bundling takes seconds, and in a process of its own, because a worker would keep the 110 MB that bundling takes.
 */
export async function workflowBundle(cacheFolder = CACHE): Promise<WorkflowBundle> {
  const file = join(cacheFolder, `workflows-${sourceHash()}.js`);
  if (!existsSync(file)) await promisify(execFile)(process.execPath, [...NODE_ARGS, PROGRAM, file]);
  return { code: readFileSync(file, 'utf8') };
}

/** Puts the bundle into a file. Several processes may do so at the same time. */
export async function makeBundle(file: string): Promise<void> {
  const { code } = await bundle();
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, file);
}

/** Bundles workflow code. @param workflowsPath other code than the product's: for tests */
export function bundle(workflowsPath = ENTRY): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [INTERCEPTORS],
    // Loaded once, and shared by all runs: no module keeps what a run could tell (`scripts/check/purity.ts`). Otherwise each run
    // would load and hold its own copy, which was a quarter of what the replay of a short run took.
    preloadModules: [join(ROOT, 'workflows', 'realm.ts'), INTERCEPTORS, workflowsPath],
    webpackConfigHook: modern,
    logger: quiet,
  });
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/**
 * Compiles for the Node that runs the bundle. The SDK's ES2017 turns every object spread into a call, and the reducer
 * has many.
 */
function modern(config: WebpackConfig): WebpackConfig {
  for (const rule of config.module?.rules ?? []) {
    const { options } = (rule as { use?: { options?: { jsc?: { target?: string } } } }).use ?? {};
    if (options?.jsc) options.jsc.target = 'es2022';
  }
  return config;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of [join(ROOT, 'package-lock.json'), fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
  for (const folder of SOURCES) {
    for (const name of (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      hash.update(name).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 24);
}

const nothing = (): void => undefined;
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: console.warn, error: console.error };
