import type { z } from 'zod';
import type { ChangedFile, PollContext } from '../context.ts';
import { MAX_POLLED, type Polled, type PolledItem, type PollRequest } from '../define-trigger.ts';
import { shortHash } from '../watching/seen.ts';
import { advance, newTrail, seenOf, type Trail } from '../watching/trail.ts';
import type { changedFile } from './changed-file.ts';
import { checkPrefix } from './path.ts';

/** How long the transaction of a write may take: what was written then may show up behind what was written later. */
const LATE_MS = 60_000;

/** Where a file is among all, in the order of their writes. */
type Place = { readonly modifiedAt: string; readonly path: string };

/** Where a watch of files is. */
export type FilesCursor = Trail<Place>;

type Item = z.input<typeof changedFile>;

/** Takes the files that were written since the last look, in the order of the writes. */
export async function changes(
  ctx: PollContext,
  { with: { prefix }, cursor, from }: PollRequest<{ prefix: string }, FilesCursor>,
): Promise<Polled<Item, FilesCursor>> {
  const now = Date.now();
  const under = checkPrefix(prefix);
  if (cursor === null && from === 'now') {
    const last = await ctx.files.last(under);
    return { items: [], cursor: newTrail<Place>(last && placeOf(last)) };
  }
  const trail = cursor ?? newTrail<Place>(null);
  const seen = seenOf(trail);
  const found = await ctx.files.since(under, trail.done, MAX_POLLED + seen.size + 1);
  const fresh = found.filter((file) => !seen.has(hashOf(file)));
  const taken = fresh.slice(0, MAX_POLLED);
  const end = taken.at(-1);
  const look = end && { at: now, end: placeOf(end), seen: taken.map(hashOf) };
  return {
    items: taken.map(itemOf),
    cursor: advance(trail, look ?? null, { now, lateMs: LATE_MS }),
    more: fresh.length > taken.length,
  };
}

const itemOf = ({ path, size, contentType, modifiedAt, sha256 }: ChangedFile): PolledItem<Item> => ({
  key: `${path}@${modifiedAt}@${sha256.slice(0, 12)}`,
  item: {
    ...{ path, size, contentType, modifiedAt },
    file: { sha256, size, ...(contentType !== null && { contentType }) },
  },
});

const placeOf = ({ modifiedAt, path }: Place): Place => ({ modifiedAt, path });

const hashOf = ({ path, modifiedAt, sha256 }: ChangedFile): string => shortHash(path, modifiedAt, sha256);
