import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PollContext } from '../context.ts';
import { MAX_POLLED, type Polled, type PolledItem, type PollRequest } from '../define-trigger.ts';
import { toMs } from '../schema.ts';
import { allowedFolder, type FoundFile, isWithin, nullIfGone, scan } from './scan.ts';

/** Everything that happened up to a time is done with: nanoseconds of the file system's clock. */
export type FolderCursor = {
  readonly at: string;
  /** Of the files of that very time, those up to this path. Absent: all. */
  readonly path?: string;
};

/** What to watch. */
interface Watched {
  readonly path: string;
  readonly pattern: string;
  readonly recursive: boolean;
  readonly settle: string;
  readonly content: boolean;
  readonly maxBytes: number;
}

/** What the trigger passes on. */
type Item = {
  path: string;
  name: string;
  size: number;
  modifiedAt: string;
  file: { sha256: string; size: number } | null;
};

/** Contents of one look, in bytes. */
const MOST_BYTES = 50 * 1024 * 1024;

/**
 * Takes the files whose last change is later than that of the last look and lies `settle` back. The system itself notes
 * the time of each change, a renaming included, and no program can set it. So the time is enough of a cursor.
 */
export async function changes(
  ctx: PollContext,
  { with: watched, cursor, from }: PollRequest<Watched, FolderCursor>,
): Promise<Polled<Item, FolderCursor>> {
  const root = await allowedFolder(watched.path, ctx.options?.watchFolders ?? []);
  const now = BigInt(Date.now()) * 1_000_000n;
  if (cursor === null && from === 'now') return { items: [], cursor: { at: String(now) } };
  // A clock that was put back must not hide what happens until it has caught up.
  const after = cursor === null ? { at: '-1' } : BigInt(cursor.at) > now ? { at: String(now) } : cursor;
  const settled = now - BigInt(toMs(watched.settle)) * 1_000_000n;
  const fits = namePattern(watched.pattern);
  const found = await scan(root, {
    recursive: watched.recursive,
    signal: ctx.signal,
    accepts: (name, { ctimeNs }) => ctimeNs <= settled && ctimeNs >= BigInt(after.at) && fits(name),
  });
  const fresh = found.filter((file) => isAfter(file, after)).sort(inOrder);
  const items: PolledItem<Item>[] = [];
  let bytes = 0;
  let done = after;
  let more = false;
  for (const file of fresh) {
    if (items.length === MAX_POLLED || bytes > MOST_BYTES) {
      more = true;
      break;
    }
    const item = await itemOf(ctx, root, file, watched);
    if (item) items.push({ key: keyOf(file), item });
    bytes += item?.file?.size ?? 0;
    done = { at: String(file.stats.ctimeNs), path: file.path };
  }
  const isLater = settled > BigInt(after.at);
  return { items, cursor: more ? done : isLater ? { at: String(settled) } : after, more };
}

/** Contents and rights aside, this is the file: the time of its last change of rights is not part of it. */
const keyOf = ({ path, stats }: FoundFile): string => `${path}@${stats.mtimeNs}@${stats.size}`;

function isAfter({ path, stats: { ctimeNs } }: FoundFile, { at, path: upTo }: FolderCursor): boolean {
  if (ctimeNs !== BigInt(at)) return ctimeNs > BigInt(at);
  return upTo !== undefined && path > upTo;
}

const inOrder = (a: FoundFile, b: FoundFile): number =>
  a.stats.ctimeNs === b.stats.ctimeNs ? (a.path < b.path ? -1 : 1) : a.stats.ctimeNs < b.stats.ctimeNs ? -1 : 1;

/** @returns null if the file is another one by now: it has a later time, and comes with a later look */
async function itemOf(ctx: PollContext, root: string, found: FoundFile, watched: Watched): Promise<Item | null> {
  const { path, stats } = found;
  const size = Number(stats.size);
  const facts = { path, name: basename(path), size, modifiedAt: new Date(Number(stats.mtimeMs)).toISOString() };
  if (!watched.content || size > watched.maxBytes) return { ...facts, file: null };
  await ctx.hold(size);
  const bytes = await read(root, found);
  if (bytes === null) return null;
  return { ...facts, file: await ctx.blobs.put(bytes) };
}

async function read(root: string, { path, stats }: FoundFile): Promise<Uint8Array | null> {
  const orGone = (error: unknown): null => nullIfGone(path, error);
  const real = await realpath(join(root, path)).catch(orGone);
  if (real === null || !isWithin(real, root)) return null;
  // A pipe in the place of the file would keep the worker waiting.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch(orGone);
  if (file === null) return null;
  try {
    const isSame = async () => {
      const { ino, dev, ctimeNs } = await file.stat({ bigint: true });
      return ino === stats.ino && dev === stats.dev && ctimeNs === stats.ctimeNs;
    };
    if (!(await isSame())) return null;
    const bytes = await file.readFile();
    return (await isSame()) ? bytes : null;
  } finally {
    await file.close();
  }
}

/** Whether a name fits a pattern, in time that grows with their lengths only. Hidden names fit no leading `*` or `?`. */
export function namePattern(pattern: string): (name: string) => boolean {
  return (name) => {
    if (name.startsWith('.') && !pattern.startsWith('.')) return false;
    let [at, star, retry] = [0, -1, 0];
    for (let index = 0; index < name.length; ) {
      if (at < pattern.length && pattern[at] === '*') [star, retry, at] = [at, index, at + 1];
      else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index]))
        [index, at] = [index + 1, at + 1];
      else if (star >= 0) [index, retry, at] = [retry + 1, retry + 1, star + 1];
      else return false;
    }
    while (pattern[at] === '*') at += 1;
    return at === pattern.length;
  };
}
