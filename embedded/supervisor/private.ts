/** Keeps what Blok writes from the other users of the machine. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from './home.ts';

/** What group and others may do. */
const FOR_OTHERS = 0o077;

/** What Blok keeps in its data folder. What else is there, the user has put there: it is left as it is. */
const OURS = ['postgres', 'temporal', 'logs', 'run', 'cache', 'secret.key', 'playground.jsonl'];

/**
 * Whatever this process and the processes it starts write from now on is for their own user only: logs, databases and the
 * files beside them, keys.
 */
export function writePrivately(): void {
  process.umask(FOR_OTHERS);
}

/**
 * Closes a data folder, and all that Blok keeps in it, to the other users of the machine: an earlier Blok left it open.
 * @throws Error that says what to do
 */
export function closeHome({ path, postgres }: Home): void {
  // Closed by Postgres itself, which decides what is inside.
  const data = join(postgres, 'data');
  try {
    close(path);
    for (const name of OURS) closeAll(join(path, name), data);
  } catch (error) {
    throw new Error(
      `The data folder ${path} cannot be closed to other users of this machine: ${(error as Error).message}. ` +
        `Give it to the user who starts Blok (as root: chown -R USER ${path}), or set BLOK_HOME to another folder.`,
    );
  }
}

function closeAll(path: string, except: string): void {
  const isFolder = close(path);
  if (isFolder && path !== except) for (const name of readdirSync(path)) closeAll(join(path, name), except);
}

/** @returns whether it is a folder */
function close(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.isSymbolicLink()) return false;
  if ((found.mode & FOR_OTHERS) !== 0) chmodSync(path, found.mode & 0o7777 & ~FOR_OTHERS);
  return found.isDirectory();
}
