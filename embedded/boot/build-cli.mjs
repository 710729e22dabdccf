// Makes the bundle of the command line: `node build-cli.mjs ROOT FOLDER`. Started by cli-bundle.mjs.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const [root, folder] = process.argv.slice(2);
const cache = dirname(folder);
const unfinished = `${folder}.${process.pid}`;

/** How long old bundles are kept: a command that still runs from one loads its parts when it needs them. */
const KEPT_MS = 86_400_000;

mkdirSync(cache, { recursive: true });
const bundle = await rolldown({ input: join(root, 'cli', 'main.ts'), platform: 'node', external: [/^node:/] });
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
