/** Postgres refuses to run as root. Under root (containers, CI) it runs as another user that already exists. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findSetpriv, type RunAs } from '../process/run-as.ts';

/**
 * The user that Postgres has to become, or undefined if the current user will do.
 * @param dataFolder an existing folder keeps its owner
 * @param folders the folders that this user must be able to reach
 * @throws Error that says what to do if no such user can reach the folders
 */
export function postgresUser(dataFolder: string, folders: readonly string[]): RunAs | undefined {
  const user = postgresIds(dataFolder);
  if (!user) return undefined;
  const closed = folders.map((folder) => firstClosed(folder, user)).find((folder) => folder !== undefined);
  if (closed && !findSetpriv()) {
    throw new Error(
      `Postgres refuses to run as root, and the user it would run as may not enter ${closed}. ` +
        `Allow it (chmod o+x ${closed}), put the project and BLOK_HOME elsewhere, start Blok as an ordinary user, ` +
        'or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return { ...user, overrideAccess: closed !== undefined };
}

/**
 * Lets the user that Postgres has to become pass through a folder of ours on the way to its own: only pass, not look
 * inside, and nobody else does either.
 */
export function letPostgresPass(folder: string, dataFolder: string): void {
  const user = postgresIds(dataFolder);
  if (!user) return;
  chownSync(folder, statSync(folder).uid, user.gid);
  chmodSync(folder, 0o710);
}

/** Makes the folder of a cluster, which belongs to the user that runs Postgres, and to nobody else. */
export function makePostgresFolder(folder: string, dataFolder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const user = postgresIds(dataFolder);
  if (user) chownSync(folder, user.uid, user.gid);
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

function postgresIds(dataFolder: string): Ids | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = ownerOf(dataFolder) ?? existingUser('postgres') ?? existingUser('nobody');
  if (!user) {
    throw new Error(
      'Postgres refuses to run as root, and there is no user `postgres` or `nobody` it could run as. ' +
        'Start Blok as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return user;
}

function ownerOf(folder: string): Ids | undefined {
  if (!existsSync(folder)) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
}

function existingUser(name: string): Ids | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(':');
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : undefined;
}

/** The first folder on the path that this user may not enter. */
function firstClosed(path: string, user: Ids): string | undefined {
  const folders: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  return folders.find((folder) => {
    // A folder that does not exist yet is made for this user.
    if (!existsSync(folder)) return false;
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    return (mode & bit) === 0;
  });
}
