import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Asks a question at the terminal; anything but yes is no. */
export async function confirm(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*y(es)?\s*$/i.test(await terminal.question(`${question} [y/N] `));
  } finally {
    terminal.close();
  }
}

/** Paths of all files below a folder, with `/` between, by name; hidden folders and those of packages are left out. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return [path];
      if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      return (await listFiles(path)).map((each) => join(path, each));
    }),
  );
  return found
    .flat()
    .map((path) => relative(folder, path).replaceAll('\\', '/'))
    .sort();
}
