/** `node make-bundle.ts ENTRY FILE`: bundles a parser and its libraries into one file. Started by bundle.ts. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rolldown } from 'rolldown';

const [entry, file] = process.argv.slice(2) as [string, string];

const bundle = await rolldown({ input: entry, platform: 'node', external: [/^node:/], logLevel: 'silent' });
const { output } = await bundle.generate({ format: 'cjs', codeSplitting: false, minify: false });
mkdirSync(dirname(file), { recursive: true });
// Several processes may make the same bundle at the same time.
const partial = `${file}.${process.pid}`;
writeFileSync(partial, output[0].code);
renameSync(partial, file);
