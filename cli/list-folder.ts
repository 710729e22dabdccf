import { readdir } from 'node:fs/promises';

/** What is in a folder. Rejects as `fs.readdir` does. */
export async function listFolder(path: string): Promise<{ readonly name: string; readonly folder: boolean }[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
}
