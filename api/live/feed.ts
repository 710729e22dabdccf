import { sayFollowed } from '../../bus/index.ts';
import { type ChangeCursor, changesNow, readChanges } from '../../db/index.ts';
import { createFollower, type Follower } from './follower.ts';
import { type FeedDeps, PAGE, startReading } from './reading.ts';
import type { Topics } from './topics.ts';

/** Tells all followers at this process what changes. Without any, it does nothing. */
export interface Feed {
  /**
   * Follows topics.
   *
   * @param from where a follower that comes back was; null: it was away for too long; absent: it is new
   * @returns null if there are too many already
   */
  follow(topics: Topics, from?: ChangeCursor | null): Promise<ReadableStream<Uint8Array> | null>;
  /** How many follow. */
  size(): number;
  /** Ends all connections: their clients come back, here or at another process. */
  close(): void;
}

/** Most connections at a process. Each may hold some 130 KB. */
export const MOST_FOLLOWERS = 1_000;

/** Most changes that somebody who comes back is told of one by one. */
const MOST_MISSED = 20_000;

export function createFeed(deps: FeedDeps): Feed {
  const { bus, workspace, tenant, log } = deps;
  const followers = new Set<Follower>();
  let stop: (() => void) | undefined;
  // One after the other: those who come back all at once must not take every connection of the pool.
  let catchingUp = Promise.resolve();

  const leave = (follower: Follower): void => {
    followers.delete(follower);
    if (followers.size > 0) return;
    stop?.();
    stop = undefined;
  };
  const catchUp = async ({ follower, tell }: Made): Promise<void> => {
    for (let told = 0; followers.has(follower); told += PAGE) {
      const from = follower.cursor();
      const page = await tenant((tx) => readChanges(tx, { after: from, limit: PAGE }));
      if (page === null || told >= MOST_MISSED) {
        follower.resync('expired', await tenant(changesNow));
        break;
      }
      tell({ ...page, from, at: Date.now(), texts: [] });
      if (!page.isFull) break;
    }
    follower.isLive();
  };

  return {
    size: () => followers.size,
    follow: async (topics, from) => {
      if (followers.size >= MOST_FOLLOWERS) return null;
      const now = await tenant(changesNow);
      const made: Made = createFollower({ topics, cursor: from ?? now, closed: () => leave(made.follower) });
      const { follower } = made;
      followers.add(follower);
      stop ??= startReading(deps, followers, now);
      for (const runId of topics.runIds) sayFollowed(bus, workspace, runId);
      made.begin();
      if (from === null) follower.resync('expired', now);
      // It reads only once batches are kept for it, so what it reads reaches to where they begin.
      catchingUp = catchingUp
        .then(() => catchUp(made))
        .catch((error) => {
          log.warn({ err: error }, 'a follower could not catch up; it comes back');
          follower.close();
        });
      return made.stream;
    },
    close: () => {
      for (const follower of [...followers]) follower.close();
    },
  };
}

type Made = ReturnType<typeof createFollower>;
