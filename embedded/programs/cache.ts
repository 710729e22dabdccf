/** Files that can be rebuilt at any time are kept in the user's cache folder, outside the project. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { processFacts } from '../process/identity.ts';

/** Blok's folder in the user's cache (`XDG_CACHE_HOME`, or what the platform uses). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'blok');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'blok');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'blok', 'cache');
  return join(homedir(), '.cache', 'blok');
}

/**
 * Lets `make` write to a temporary path beside `target` and moves the result into place only when it is complete, so
 * that a download or build that was killed never leaves something broken behind.
 * @returns `target`
 */
export async function makeWhole(target: string, make: (temporary: string) => Promise<void>): Promise<string> {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  removeLeftOvers(folder, basename(target));
  const temporary = `${target}.new-${process.pid}`;
  try {
    await make(temporary);
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return target;
}

function removeLeftOvers(folder: string, name: string) {
  for (const entry of readdirSync(folder)) {
    const pid = entry.startsWith(`${name}.new-`) ? Number(entry.slice(name.length + 5)) : undefined;
    if (pid && !processFacts(pid)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
