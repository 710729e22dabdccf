import type { PollContext } from '../context.ts';
import { MAX_POLLED, type Polled, type PollRequest } from '../define-trigger.ts';
import { input } from '../http/input.ts';
import { send } from '../http/send.ts';
import { readSeen, type Seen, shortHash, writeSeen } from '../watching/seen.ts';
import { type FeedItem, readFeed } from './read-feed.ts';

/** Where a watch of a feed is. */
export type FeedCursor = {
  /** Two hashes for each item: of its id, and of its link and title. */
  readonly seen: Seen;
  /** What the server said about this state of the feed. Absent: not all of it was taken. */
  readonly etag?: string;
  readonly modified?: string;
};

/** Hashes that are remembered of items that have left the feed: two for each item. */
const REMEMBERED = 4_000;

/** Takes the items of a feed that were not there before, the oldest first. */
export async function newItems(
  ctx: PollContext,
  { with: { url, maxBytes }, cursor, from }: PollRequest<{ url: string; maxBytes: number }, FeedCursor>,
): Promise<Polled<FeedItem, FeedCursor>> {
  const { status, headers, body } = await send(
    ctx,
    input.parse({ url, maxBytes, responseAs: 'text', okStatuses: [304], headers: conditions(cursor) }),
  );
  if (status === 304 && cursor !== null) return { items: [], cursor };
  const items = await readFeed(body === null ? '' : String(body));
  const known = readSeen(cursor?.seen ?? '');
  const isKnown = knows(known, items);
  const unknown = cursor === null && from === 'now' ? [] : distinct(items.filter((item) => !isKnown(item))).reverse();
  const taken = unknown.slice(0, MAX_POLLED);
  const left = new Set(unknown.slice(MAX_POLLED));
  const seen = writeSeen(items.filter((item) => !left.has(item)).flatMap(hashesOf), known, REMEMBERED);
  const more = left.size > 0;
  return {
    items: taken.map((item) => ({ key: item.id, item })),
    cursor: { seen, ...(!more && stateOf(headers)) },
    more,
  };
}

/**
 * Whether an item was there before. An unknown id under a known link and title is a changed id, unless the item of that link
 * and title is still there under an id that is known: some feeds say the same of several events.
 */
function knows(known: ReadonlySet<string>, items: readonly FeedItem[]): (item: FeedItem) => boolean {
  const isKnownById = (item: FeedItem): boolean => known.has(idHash(item));
  const named = new Set(items.filter(isKnownById).map(nameHash));
  return (item) => {
    const name = nameHash(item);
    return isKnownById(item) || (name !== null && known.has(name) && !named.has(name));
  };
}

/** Both are hashed with their kind, so that no id is taken for a link. */
const hashesOf = (item: FeedItem): string[] => [idHash(item), nameHash(item) ?? []].flat();

const idHash = ({ id }: FeedItem): string => shortHash('id', id);

/** Of its link and title; null if it has neither. */
const nameHash = ({ link, title }: FeedItem): string | null =>
  link === null && title === null ? null : shortHash('link', link ?? '', title ?? '');

/** Some feeds list an item twice. */
function distinct(items: readonly FeedItem[]): FeedItem[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

function conditions(cursor: FeedCursor | null): Record<string, string> {
  return {
    accept: 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5',
    ...(cursor?.etag !== undefined && { 'if-none-match': cursor.etag }),
    ...(cursor?.modified !== undefined && { 'if-modified-since': cursor.modified }),
  };
}

/** Headers longer than this are not worth being kept. */
const LONGEST = 500;

function stateOf({ etag, 'last-modified': modified }: Readonly<Record<string, string>>): Omit<FeedCursor, 'seen'> {
  return {
    ...(etag !== undefined && etag.length <= LONGEST && { etag }),
    ...(modified !== undefined && modified.length <= LONGEST && { modified }),
  };
}
