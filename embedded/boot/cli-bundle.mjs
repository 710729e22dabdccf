// Plain JavaScript without dependencies, because this file runs on any Node from 20 on.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of the command line. */
const SOURCES = ['cli', 'graph', 'integrations', 'package.json', 'package-lock.json'];

/**
 * Where files that can be made again are kept: they disappear together with node_modules.
 * @param {string} root folder of the project
 */
export const cacheFolder = (root) => join(root, 'node_modules', '.cache', 'blok');

/**
 * The folder of the bundle: the command line as a few JavaScript files. Finding, reading and stripping the 480 modules
 * of its sources takes most of the time of a short command. Any change to a source leads to another folder.
 * @param {string} root folder of the project
 */
export function bundleFolder(root) {
  let files = 0;
  let bytes = 0;
  let newest = 0;
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    files += 1;
    bytes += size;
    newest = Math.max(newest, mtimeMs);
  };
  const walk = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (entry.name !== 'testing') walk(join(path, entry.name));
      } else if (!/\.(test\.ts|md)$/.test(entry.name)) add(join(path, entry.name));
    }
  };
  for (const source of SOURCES.map((name) => join(root, name)).filter((path) => existsSync(path))) {
    if (statSync(source).isDirectory()) walk(source);
    else add(source);
  }
  return join(cacheFolder(root), `cli-${files}-${bytes}-${Math.round(newest)}`);
}

/**
 * The bundle's main file, if it exists.
 * @param {string} folder
 * @returns {string | undefined}
 */
export function bundleIn(folder) {
  const main = join(folder, 'main.mjs');
  return existsSync(main) ? main : undefined;
}

/**
 * Makes the bundle.
 * @param {string} root folder of the project
 * @param {string} node a Node that runs Blok
 * @param {string} folder
 * @returns {Promise<string | undefined>} its main file; undefined if none can be made: then run the sources
 */
export async function makeBundle(root, node, folder) {
  // The bundler is a development dependency; an installation without those runs the sources.
  if (!existsSync(join(root, 'node_modules', 'rolldown'))) return undefined;
  const { spawnSync } = await import('node:child_process');
  const build = join(root, 'embedded', 'boot', 'build-cli.mjs');
  spawnSync(node, [build, root, folder], { stdio: 'ignore' });
  return bundleIn(folder);
}
