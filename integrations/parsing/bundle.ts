import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const INTEGRATIONS = dirname(dirname(fileURLToPath(import.meta.url)));
const ROOT = dirname(INTEGRATIONS);
/** The program that makes a bundle in a process of its own, because a worker would keep the memory that bundling takes. */
const PROGRAM = join(INTEGRATIONS, 'parsing', 'make-bundle.ts');
/** Where bundles are kept if nobody says otherwise: they disappear together with what they are made from. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'blok');
const NODE_ARGS = ['--disable-warning=ExperimentalWarning'];

const made = new Map<string, Promise<string>>();

/** Every parser: the folders of providers whose `program.ts` runs in a child. */
export const PARSERS = ['csv', 'document', 'excel', 'html', 'image', 'pdf', 'xml', 'zip'] as const;
/** One of them. */
export type ParserName = (typeof PARSERS)[number];

/**
 * The parser of a provider with its libraries as one file, so that a child needs no file system. The file is made when it
 * is first needed, and again only when its sources have changed.
 *
 * @returns the path of the file
 */
export function parserBundle(name: ParserName, cacheFolder = CACHE): Promise<string> {
  const key = `${cacheFolder} ${name}`;
  const known = made.get(key);
  if (known) return known;
  const making = make(name, cacheFolder);
  made.set(key, making);
  making.catch(() => made.delete(key));
  return making;
}

async function make(name: ParserName, cacheFolder: string): Promise<string> {
  const file = join(cacheFolder, `parser-${name}-${sourceHash()}.cjs`);
  if (!existsSync(file)) {
    const entry = join(INTEGRATIONS, name, 'program.ts');
    await promisify(execFile)(process.execPath, [...NODE_ARGS, PROGRAM, entry, file]);
  }
  return file;
}

let hashed: string | undefined;

/** Parsers share code, so any change to one of them is a change to all. */
function sourceHash(): string {
  if (hashed) return hashed;
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  hash.update(readFileSync(join(INTEGRATIONS, 'text-encoding.ts')));
  for (const folder of [...PARSERS, 'parsing']) {
    for (const name of (readdirSync(join(INTEGRATIONS, folder), { recursive: true }) as string[]).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      hash.update(name).update(readFileSync(join(INTEGRATIONS, folder, name)));
    }
  }
  hashed = hash.digest('hex').slice(0, 24);
  return hashed;
}
