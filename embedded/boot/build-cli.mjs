// Makes the bundle of the command line: `node build-cli.mjs ROOT FOLDER`. Started by cli-bundle.mjs.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const [root, folder] = process.argv.slice(2);
const cache = dirname(folder);
const unfinished = `${folder}.${process.pid}`;

/** How long old bundles are kept: a command that still runs from one loads its parts when it needs them. */
const KEPT_MS = 86_400_000;

mkdirSync(cache, { recursive: true });
const bundle = await rolldown({
  input: join(root, 'cli', 'main.ts'),
  platform: 'node',
  external: [/^node:/],
  plugins: [await catalogueAsData()],
});
await bundle.write({
  dir: unfinished,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
});
try {
  renameSync(unfinished, folder);
} catch {
  // Another command has made the same bundle in the meantime.
  rmSync(unfinished, { recursive: true, force: true });
}
for (const name of readdirSync(cache)) {
  const path = join(cache, name);
  const isOld = name.startsWith('cli-') && name !== basename(folder) && Date.now() - statSync(path).mtimeMs > KEPT_MS;
  if (isOld) rmSync(path, { recursive: true, force: true });
}

/**
 * Puts the catalogue into the bundle as data. A command then loads neither the nodes nor their schemas, which would take
 * a fifth of its time today, and more with every node.
 */
async function catalogueAsData() {
  const path = join(root, 'integrations', 'describe.ts');
  const { catalogue } = await import(pathToFileURL(path).href);
  // Most commands need no catalogue, and a text costs nothing until it is parsed.
  const all = catalogue();
  const data = JSON.stringify(JSON.stringify({ nodes: [...all], triggers: [...all.triggers] }));
  const code = `const data = ${data};
export const catalogue = () => {
  const { nodes, triggers } = JSON.parse(data);
  return Object.assign(new Map(nodes), { triggers: new Map(triggers) });
};
`;
  // Nodes of the user's own are not in this data: with them, the command line runs from its sources (cli/blok.mjs).
  const ownNodes = join(root, 'integrations', 'own-nodes', 'load.ts');
  const none = "export const loadOwnNodes = () => { throw new Error('A bundle has no nodes of your own.'); };\n";
  const codes = new Map([
    [path, code],
    [ownNodes, none],
  ]);
  return {
    name: 'catalogue-as-data',
    load: (id) => (codes.has(id) ? { code: codes.get(id), moduleType: 'js' } : undefined),
  };
}
