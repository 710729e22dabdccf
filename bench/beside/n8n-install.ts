import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, makeWhole } from '../../embedded/programs/cache.ts';

const VERSION = '2.30.0';

/**
 * n8n 2.30.0 asks for some packages in any version and for one by an address outside the registry. These versions fit
 * together.
 */
const OVERRIDES = {
  linkedom: '0.18.12',
  xlsx: '0.18.5',
  '@langchain/langgraph': '1.4.18',
  '@langchain/langgraph-checkpoint': '1.1.5',
  '@langchain/langgraph-sdk': '1.9.31',
};

/** Where Node keeps its headers, so that the driver of SQLite can be built without downloading them. */
const NODE_FOLDER = dirname(dirname(process.execPath));

/**
 * Installs n8n into the user's cache folder: 2.3 GB, and several minutes.
 *
 * @returns the path of its program
 */
export async function installN8n(): Promise<string> {
  const folder = join(cacheFolder(), `n8n-${VERSION}`);
  const program = join('node_modules', 'n8n', 'bin', 'n8n');
  if (!existsSync(join(folder, program))) await makeWhole(folder, install);
  return join(folder, program);
}

async function install(folder: string): Promise<void> {
  console.error(`installing n8n ${VERSION}, which takes several minutes`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides: OVERRIDES }));
  const npm = (...args: string[]) => promisify(execFile)('npm', args, { cwd: folder, maxBuffer: 2 ** 28 });
  // No scripts of two thousand packages: only SQLite's driver needs to be built.
  await npm('install', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', `n8n@${VERSION}`);
  await npm('rebuild', 'sqlite3', `--nodedir=${NODE_FOLDER}`);
}
