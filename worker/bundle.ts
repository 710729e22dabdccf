import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleOptions, bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Folders whose code can reach the bundle. */
const SOURCES = ['workflows', 'graph'];

/**
 * The workflow code for Temporal's sandbox, bundled. With a cache folder, the bundle is made only when the sources have
 * changed, because bundling takes seconds.
 */
export async function workflowBundle(cacheFolder?: string): Promise<WorkflowBundle> {
  const file = cacheFolder && join(cacheFolder, `workflows-${sourceHash()}.js`);
  if (file && existsSync(file)) return { code: readFileSync(file, 'utf8') };
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    // The realm's settings, and pure code, loaded once for all runs. Otherwise each run's first task would take a tenth
    // longer, and each cached run would hold its own copy.
    preloadModules: [join(ROOT, 'workflows', 'realm.ts'), join(ROOT, 'graph', 'sandbox.ts')],
    webpackConfigHook: modern,
    logger: quiet,
  });
  if (file) {
    mkdirSync(cacheFolder, { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, bundle.code);
    renameSync(partial, file);
  }
  return bundle;
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
