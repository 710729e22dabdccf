/** The files of the project as git knows them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from './law.ts';

/** Texts of all files that git tracks or would add, except binary files. */
export function projectSources(root: string): Sources {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 }).split('\0').filter(Boolean);
  const sources = new Map<string, string>();
  for (const file of files) {
    const text = readText(join(root, file));
    if (text !== undefined) sources.set(file, text);
  }
  return sources;
}

function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.includes(0) ? undefined : bytes.toString('utf8');
  } catch {
    // The file was deleted in the work tree, or is a link to a folder.
    return undefined;
  }
}
