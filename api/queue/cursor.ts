import { z } from 'zod';
import type { GroupCursor, WaitingCursor } from '../../db/index.ts';
import * as cursors from '../http/cursor.ts';
import { storedMoment } from '../http/fields.ts';

/** Where a page ends in each of the lists. Null: the list is at its end; undefined: it has not begun. */
export interface QueueCursor {
  readonly waiting: WaitingCursor | null | undefined;
  readonly held: GroupCursor | null | undefined;
  readonly refused: GroupCursor | null | undefined;
}

export const FIRST_PAGE: QueueCursor = { waiting: undefined, held: undefined, refused: undefined };

const group = z.tuple([storedMoment(), z.uuid()]).nullable();
const form = z.tuple([
  z.tuple([z.enum(['concurrency', 'rateLimit']), z.int().min(1).max(5), z.string().regex(/^\d{1,18}$/)]).nullable(),
  group,
  group,
]);

/** The three places as one cursor. */
export const writeCursor = ({ waiting, held, refused }: QueueCursor): string =>
  cursors.writeCursor([waiting, held, refused]);

/** Reads such a cursor. @throws ApiProblem `request.invalid` */
export function readCursor(text: string): QueueCursor {
  const [waiting, held, refused] = cursors.readCursor(text, form);
  return { waiting, held, refused };
}
