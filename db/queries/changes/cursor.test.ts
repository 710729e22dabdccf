import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byReading, type ChangeCursor, cursorOf, cursorsAfter, isAtLeast, isRead, type Place } from './cursor.ts';

/** A database in which transactions begin, write and end in any order. What is returned is what readers see. */
function fakeDatabase() {
  const open = new Map<number, Place[]>();
  const visible: Place[] = [];
  let [next, seq] = [1, 0];
  return {
    /** One step, chosen by a number: begin, write, commit or abort. */
    step: (choice: number) => {
      const running = [...open.keys()];
      const xid = running[choice % Math.max(1, running.length)];
      const what = choice % 5;
      if (what === 0 || xid === undefined) open.set(next++, []);
      else if (what <= 2) open.get(xid)!.push({ xid, seq: ++seq });
      else {
        if (what === 3) visible.push(...open.get(xid)!);
        open.delete(xid);
      }
    },
    endAll: () => {
      for (const places of open.values()) visible.push(...places);
      open.clear();
    },
    visible,
    snapshot: (): ChangeCursor => ({ next, open: [...open.keys()] }),
    read: (after: ChangeCursor, limit: number) => {
      const seen: ChangeCursor = { next, open: [...open.keys()] };
      const unread = visible.filter((place) => !isRead(after, place)).sort(byReading(after));
      const changes = unread.slice(0, limit);
      const cursors = cursorsAfter(after, changes, seen);
      return { changes, cursors, next: unread.length >= limit ? cursors.at(-1)! : seen };
    },
  };
}

const keyOf = ({ xid, seq }: Place): string => `${xid}.${seq}`;

describe('a cursor', () => {
  it('brings a reader everything once, whenever transactions end and wherever the reader breaks off', () => {
    const moves = fc.array(
      fc.record({
        choices: fc.array(fc.nat(100), { maxLength: 12 }),
        limit: fc.integer({ min: 1, max: 4 }),
        keep: fc.nat(4),
      }),
    );
    fc.assert(
      fc.property(moves, (rounds) => {
        const database = fakeDatabase();
        const got: string[] = [];
        let cursor: ChangeCursor = { next: 1, open: [] };
        const take = (limit: number, keep: number) => {
          const page = database.read(cursor, limit);
          // The connection breaks after some of the page: the reader goes on from the last one that arrived.
          const arrived = page.changes.slice(0, keep);
          got.push(...arrived.map(keyOf));
          if (arrived.length < page.changes.length) cursor = page.cursors[arrived.length - 1] ?? cursor;
          else cursor = page.next;
          return page.changes.length;
        };
        for (const { choices, limit, keep } of rounds) {
          for (const choice of choices) database.step(choice);
          take(limit, keep);
        }
        database.endAll();
        while (take(3, 3) > 0);
        expect(got).toHaveLength(database.visible.length);
        expect([...got].sort()).toEqual(database.visible.map(keyOf).sort());
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the text of a snapshot', () => {
    expect(cursorOf('10:20:10,14')).toEqual({ next: 20, open: [10, 14] });
    expect(cursorOf('20:20:')).toEqual({ next: 20, open: [] });
  });

  it('has read at least as much as an earlier one', () => {
    const [early, late, later] = [cursorOf('10:20:10,14'), cursorOf('14:20:14'), cursorOf('14:21:14')];
    expect([isAtLeast(late, early), isAtLeast(early, late), isAtLeast(later, late)]).toEqual([true, false, true]);
    expect(isAtLeast(late, late)).toBe(true);
  });
});
