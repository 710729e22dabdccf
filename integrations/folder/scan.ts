import type { BigIntStats } from 'node:fs';
import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { NodeError } from '../error.ts';

/** Most files of a folder. */
const MOST = 100_000;

/** A file of a watched folder. */
export interface FoundFile {
  /** Path within the folder. */
  readonly path: string;
  readonly stats: BigIntStats;
}

/** The folder itself, without links in its path, if the operator has allowed it. @throws NodeError */
export async function allowedFolder(path: string, allowed: readonly string[]): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => missing(path, error));
  for (const folder of allowed) {
    if (isWithin(real, await realpath(folder).catch(() => null))) return real;
  }
  const list = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no folder yet';
  throw new NodeError(
    'folder.forbidden',
    `The folder ${path} may not be watched. The operator allows ${list}: BLOK_WATCH_FOLDERS of the worker lists them.`,
  );
}

/** The files of a folder that `accepts` wants. @throws NodeError `folder.missing`, `folder.tooMany`, `folder.unreadable` */
export async function scan(
  root: string,
  {
    recursive,
    accepts,
    signal,
  }: { recursive: boolean; accepts: (name: string, stats: BigIntStats) => boolean; signal: AbortSignal },
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let count = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const isRoot = folder === root;
    const entries = await opendir(folder).catch((error: unknown) =>
      isRoot ? missing(root, error) : nullIfGone(folder, error),
    );
    for await (const entry of entries ?? []) {
      signal.throwIfAborted();
      if (++count > MOST) throw tooMany(root);
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (recursive) folders.push(path);
      } else {
        const stats = await fileAt(root, path);
        if (stats && accepts(entry.name, stats)) found.push({ path: relative(root, path), stats });
      }
    }
  }
  return found;
}

/** A regular file, or a link to one that does not leave the folder; null for everything else, and for what has gone. */
async function fileAt(root: string, path: string): Promise<BigIntStats | null> {
  try {
    const own = await lstat(path, { bigint: true });
    if (!own.isSymbolicLink()) return own.isFile() ? own : null;
    if (!isWithin(await realpath(path), root)) return null;
    const target = await stat(path, { bigint: true });
    return target.isFile() ? target : null;
  } catch (error) {
    return nullIfGone(path, error);
  }
}

/** Errors of what has gone, is another thing by now, or is none of the worker's business: a change of its rights makes it new. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENXIO']);

/** After any other error the look is repeated: what it left out would be taken for old. @throws NodeError `folder.unreadable` */
export function nullIfGone(path: string, error: unknown): null {
  const { code = 'unknown' } = error as { code?: string };
  if (GONE.has(code)) return null;
  throw new NodeError('folder.unreadable', `${path} cannot be read now (${code}).`, { retryable: true });
}

/** Whether a path is a folder or lies below it. Both must be real paths. */
export const isWithin = (path: string, folder: string | null): boolean =>
  folder !== null && (path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));

function missing(path: string, error: unknown): never {
  const { code } = error as { code?: string };
  const why =
    code === 'EACCES' ? 'the worker may not read it' : code === 'ENOTDIR' ? 'it is not a folder' : 'it is not there';
  throw new NodeError('folder.missing', `The folder ${path} cannot be watched: ${why}.`, { retryable: true });
}

const tooMany = (root: string): NodeError =>
  new NodeError(
    'folder.tooMany',
    `The folder ${root} holds more than ${MOST} files. Watch a folder below it, or move old files away.`,
  );
