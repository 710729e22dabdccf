import { type Change, type ChangeCursor, type ChangePage, cursorsAfter, isAtLeast, isRead } from '../../db/index.ts';
import { writeEventId } from './event-id.ts';
import { changeEvent, heartbeat, RETRY, readyEvent, resyncEvent } from './event-text.ts';
import { createOutlet } from './outlet.ts';
import { isWanted, type Topics } from './topics.ts';

/** What has been read for all followers together. */
export interface Batch extends ChangePage {
  /** From where it was read. */
  readonly from: ChangeCursor;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Each change as an event, made once for all followers that are at the same place. */
  readonly texts: string[];
}

/** One connection, and how far its reader has been told. */
export interface Follower {
  readonly topics: Topics;
  /** Where it stands, to catch up from there. */
  cursor(): ChangeCursor;
  /** Tells it what it has not been told. While it catches up, batches that come are kept for later. */
  take(batch: Batch): void;
  /** It has caught up: it is told of the batches that came meanwhile. */
  isLive(): void;
  /** Something was left out: it begins anew at a place. */
  resync(reason: 'expired' | 'interrupted', cursor: ChangeCursor): void;
  beat(): void;
  close(): void;
}

/** Most changes that are kept while a follower catches up. */
const KEPT = 5_000;

/**
 * A follower that catches up: `tell` tells it pages from where it stands, in order.
 *
 * @param input `cursor`: where it begins; `closed`: called once its connection is over
 */
export function createFollower(input: { topics: Topics; cursor: ChangeCursor; closed(): void }) {
  const { topics, closed } = input;
  let { cursor } = input;
  let waiting: Batch[] | null = [];
  let isOverrun = false;
  const here = (): string => writeEventId(cursor, Date.now());
  // Whatever was dropped comes before the place where the follower is by then.
  const outlet = createOutlet({ instead: () => resyncEvent(here(), 'slow'), closed });
  const tell = (batch: Batch): void => {
    const isSame = cursor === batch.from;
    // It has caught up further than this was read.
    if (!isSame && isAtLeast(cursor, batch.next)) return;
    if (isSame) tellShared(batch);
    else tellOwn(batch);
    cursor = batch.next;
  };
  const tellShared = ({ changes, cursors, at, texts }: Batch): void => {
    changes.forEach((change, n) => {
      if (!isWanted(topics, change)) return;
      texts[n] ??= changeEvent(change, writeEventId(cursors[n]!, at));
      outlet.write(texts[n]);
    });
  };
  const tellOwn = ({ changes, next, at }: Batch): void => {
    const unread = changes.filter((change) => !isRead(cursor, change));
    const cursors = cursorsAfter(cursor, unread, next);
    unread.forEach((change: Change, n) => {
      if (isWanted(topics, change)) outlet.write(changeEvent(change, writeEventId(cursors[n]!, at)));
    });
  };
  const follower: Follower = {
    topics,
    cursor: () => cursor,
    take: (batch) => {
      if (waiting === null) return tell(batch);
      waiting.push(batch);
      if (waiting.reduce((sum, { changes }) => sum + changes.length, 0) <= KEPT) return;
      waiting = [];
      isOverrun = true;
    },
    isLive: () => {
      const kept = waiting ?? [];
      waiting = null;
      if (isOverrun) outlet.write(resyncEvent(here(), 'slow'));
      for (const batch of kept) tell(batch);
    },
    resync: (reason, at) => {
      cursor = at;
      outlet.write(resyncEvent(here(), reason));
    },
    beat: () => {
      if (outlet.isEmpty()) outlet.write(heartbeat(here()));
    },
    close: () => outlet.close(),
  };
  const begin = (): void => outlet.write(`${RETRY}${readyEvent(here())}`);
  return { follower, begin, tell, stream: outlet.stream };
}
