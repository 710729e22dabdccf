import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addProviders, allProviders } from '../catalog.ts';
import type { Provider } from '../define.ts';
import { majorOf } from '../describe.ts';
import { nodeProblems } from './problems.ts';
import { resolveBlok } from './resolve.ts';

const loaded = new Set<string>();

/**
 * Adds the nodes of a folder to the catalogue of this process: each folder in it is a provider, and its `index.ts` exports
 * what `defineProvider` returned. Nodes run with the rights of the worker: the folder is code, like a package.
 *
 * @throws Error that names every file and what is wrong with it
 */
export async function loadOwnNodes(folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  const root = resolve(folder);
  if (loaded.has(root)) return;
  resolveBlok();
  const providers = (await Promise.all((await indexFiles(root)).map(importProvider))).flat();
  const problems = providers.flatMap((provider) => [...problemsOf(provider)]);
  if (problems.length > 0) throw new Error(`The nodes in ${root} cannot be used:\n${problems.join('\n')}`);
  addProviders(providers);
  loaded.add(root);
}

async function indexFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The folder of your own nodes, BLOK_NODES=${root}, cannot be read (${error.code}).`);
  });
  const folders = entries.filter((entry) => entry.isDirectory() && /^[a-z][a-z0-9]*$/.test(entry.name));
  return folders.map(({ name }) => join(root, name, 'index.ts')).sort();
}

async function importProvider(file: string): Promise<Provider> {
  let exported: object;
  try {
    exported = (await import(pathToFileURL(file).href)) as object;
  } catch (cause) {
    throw new Error(`${file} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
  const found = Object.values(exported).find(isProvider);
  if (!found) throw new Error(`${file} exports no provider: export const acme = defineProvider({ … }).`);
  return found;
}

const isProvider = (value: unknown): value is Provider =>
  value !== null &&
  typeof value === 'object' &&
  typeof (value as Provider).id === 'string' &&
  Array.isArray((value as Provider).nodes) &&
  Array.isArray((value as Provider).connections);

/** Names are unique in the whole catalogue: a graph names a node without saying where it comes from. */
function* problemsOf(provider: Provider): Generator<string> {
  const others = allProviders();
  if (others.some(({ id }) => id === provider.id))
    yield `${provider.id}: Blok has a provider of this name. Choose another.`;
  if (provider.triggers?.length) yield `${provider.id}: triggers of your own are not possible yet.`;
  const types = new Set<string>();
  for (const node of provider.nodes) {
    const name = `${node.type}@${majorOf(node.version)}`;
    if (types.has(name)) yield `${node.type}: is defined twice.`;
    types.add(name);
    if (node.type.split('.')[0] !== provider.id) yield `${node.type}: should begin with "${provider.id}.".`;
    for (const problem of nodeProblems(node, provider.connections)) yield `${node.type}: ${problem}`;
  }
  for (const { type } of provider.connections) {
    if (others.some(({ connections }) => connections.some((known) => known.type === type))) {
      yield `${type}: Blok has a connection type of this name. Choose another.`;
    }
  }
}
