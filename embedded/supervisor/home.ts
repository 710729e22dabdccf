/** BLOK_HOME: the one folder with all data of an embedded Blok. */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where things are in BLOK_HOME. */
export interface Home {
  readonly path: string;
  readonly postgres: string;
  readonly temporalDatabase: string;
  readonly logs: string;
  /** Lock, and notes about running processes. */
  readonly run: string;
}

/** What runs do, and the secrets of the installation, are in the folder: nobody else on this machine may look inside. */
const PRIVATE = 0o700;

/** The mark of folders like /tmp. */
const STICKY = 0o1000;

/** Names the parts of the folder. */
export function homeAt(path: string): Home {
  return {
    path,
    postgres: join(path, 'postgres'),
    temporalDatabase: join(path, 'temporal', 'temporal.db'),
    logs: join(path, 'logs'),
    run: join(path, 'run'),
  };
}

/**
 * Makes the folders and proves that they can be written to.
 * @throws Error that says what to do
 */
export function prepareHome(home: Home): void {
  try {
    makeFolder(dirname(home.path));
    for (const folder of [home.path, home.logs, home.run]) makeFolder(folder, PRIVATE);
    if ((statSync(home.path).mode & STICKY) !== 0) throw Object.assign(new Error(), { code: 'SHARED' });
    const probe = join(home.run, `probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why: Record<string, string> = {
      SHARED: 'it is shared with other users, and Blok needs a folder of its own',
      EACCES: 'this user may not write there',
      EPERM: 'this user may not write there',
      ENOENT: 'no folder can be made there',
      EROFS: 'the file system is read-only',
      ENOSPC: 'the disk is full',
      ENOTDIR: 'a file is in the way',
      EEXIST: 'a file is in the way',
    };
    throw new Error(
      `The data folder ${home.path} cannot be used: ${why[code ?? ''] ?? message}. ` +
        'Fix that, or set BLOK_HOME to a folder that can be written to.',
    );
  }
}

/** Makes a folder and its parents. Without Node's `recursive`, which never returns if none can be made (/proc). */
function makeFolder(path: string, mode = 0o777): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
