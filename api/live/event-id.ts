/** The id of an event: from where a follower that comes back goes on. */
import type { ChangeCursor } from '../../db/index.ts';

/** Changes are kept for an hour; a bit less, so that none goes away while it is read. */
export const RESUMABLE_MS = 55 * 60_000;

/** Longest id that is read. */
export const MOST_CHARACTERS = 8_000;

const FORM =
  /^([0-9a-z]{1,9})-([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}(?:\.[0-9a-z]{1,11})*)?(?:-([0-9a-z]{1,11})\.([0-9a-z]{1,11}))?)?$/;

const write = (number: number): string => number.toString(36);
const read = (text: string): number => Number.parseInt(text, 36);

/** A cursor as text. `at`: when everything before it had been told. */
export function writeEventId({ next, open, partly }: ChangeCursor, at: number): string {
  const parts = [write(Math.floor(at / 1_000)), write(next)];
  if (open.length > 0 || partly) parts.push(open.map(write).join('.'));
  if (partly) parts.push(`${write(partly.xid)}.${write(partly.seq)}`);
  return parts.join('-');
}

/** Reads such a text. Null: it is not one of ours, or from too long ago. */
export function readEventId(text: string, now: number): ChangeCursor | null {
  if (text.length > MOST_CHARACTERS) return null;
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, at, next, open, xid, seq] = match as unknown as [string, string, string, string?, string?, string?];
  if (read(at) * 1_000 < now - RESUMABLE_MS) return null;
  const cursor = {
    next: read(next),
    open: open === undefined ? [] : open.split('.').map(read),
    ...(xid !== undefined && seq !== undefined && { partly: { xid: read(xid), seq: read(seq) } }),
  };
  const numbers = [cursor.next, ...cursor.open, cursor.partly?.xid ?? 0, cursor.partly?.seq ?? 0];
  return numbers.every(Number.isSafeInteger) ? cursor : null;
}
