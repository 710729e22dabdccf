/**
 * How far somebody has read the changes. Transactions become visible in another order than that of their numbers, so a
 * number alone would skip what was written by a transaction that took longer. A cursor is what Postgres calls a snapshot:
 * the first number that had not been given yet, and the earlier ones that had not ended.
 */
export interface ChangeCursor {
  /** Transactions from this one on have not been read. */
  readonly next: number;
  /** Nor these earlier ones, in ascending order. */
  readonly open: readonly number[];
  /** Of this transaction, only what comes up to `seq` was read. */
  readonly partly?: Place;
}

/** Where a change stands. */
export interface Place {
  readonly xid: number;
  readonly seq: number;
}

/** Whether a change was read already. */
export function isRead({ next, open, partly }: ChangeCursor, { xid, seq }: Place): boolean {
  if (xid < next && !open.includes(xid)) return true;
  return partly !== undefined && partly.xid === xid && seq <= partly.seq;
}

/** Whether a cursor of the same database has read more than another one, or as much. Both stand between transactions. */
export const isAtLeast = (one: ChangeCursor, other: ChangeCursor): boolean =>
  one.next > other.next || (one.next === other.next && one.open.length <= other.open.length);

/** The order in which unread changes are handed out: a transaction that was read in part is read to its end first. */
export const byReading =
  ({ partly }: ChangeCursor) =>
  (a: Place, b: Place): number => {
    const [first, second] = [a.xid === partly?.xid ? 0 : 1, b.xid === partly?.xid ? 0 : 1];
    return first - second || a.xid - b.xid || a.seq - b.seq;
  };

/**
 * The cursors after each of these changes: whoever has read up to there goes on from it, and misses nothing.
 *
 * @param from what was read before
 * @param changes the first ones that were not, in the order of reading
 * @param seen what the changes were read from: all that had ended then
 */
export function cursorsAfter(from: ChangeCursor, changes: readonly Place[], seen: ChangeCursor): ChangeCursor[] {
  const after = from.partly ? finished(from, from.partly.xid) : from;
  return changes.map((place) => {
    const { xid, seq } = place;
    if (xid === from.partly?.xid) return { ...from, partly: { xid, seq } };
    const partly = { xid, seq };
    // Late ones come first. Those before this one that have ended meanwhile have been read, or have told nothing.
    if (xid < after.next)
      return { next: after.next, open: after.open.filter((o) => o >= xid || isOpen(seen, o)), partly };
    return { next: xid, open: seen.open.filter((o) => o < xid), partly };
  });
}

const isOpen = ({ open }: ChangeCursor, xid: number): boolean => open.includes(xid);

/** A cursor once one transaction was read to its end. */
const finished = ({ next, open }: ChangeCursor, xid: number): ChangeCursor =>
  xid >= next ? { next: xid + 1, open } : { next, open: open.filter((other) => other !== xid) };

/** Reads the text of a snapshot, such as `10:20:10,14`. */
export function cursorOf(snapshot: string): ChangeCursor {
  const [, next, open = ''] = snapshot.split(':');
  return { next: Number(next), open: open === '' ? [] : open.split(',').map(Number) };
}
