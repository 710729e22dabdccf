import { z } from 'zod';
import type { GroupCursor, WaitingCursor } from '../../db/index.ts';
import { ApiProblem } from '../http/problem.ts';

/** Where a page ends in each of the lists. Null: the list is at its end; undefined: it has not begun. */
export interface QueueCursor {
  readonly waiting: WaitingCursor | null | undefined;
  readonly held: GroupCursor | null | undefined;
  readonly refused: GroupCursor | null | undefined;
}

export const FIRST_PAGE: QueueCursor = { waiting: undefined, held: undefined, refused: undefined };

const group = z.tuple([z.iso.datetime({ precision: 3 }), z.uuid()]).nullable();
const form = z.tuple([
  z.tuple([z.enum(['concurrency', 'rateLimit']), z.int().min(1).max(5), z.string().regex(/^\d{1,18}$/)]).nullable(),
  group,
  group,
]);

/** A cursor as text that callers hand back unchanged. */
export const writeCursor = ({ waiting, held, refused }: QueueCursor): string =>
  Buffer.from(JSON.stringify([waiting, held, refused])).toString('base64url');

/** Reads such a text. @throws ApiProblem `request.invalid` */
export function readCursor(text: string): QueueCursor {
  try {
    const [waiting, held, refused] = form.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { waiting, held, refused };
  } catch {
    throw new ApiProblem(
      'request.invalid',
      'query/cursor: is not one of ours. Use "next" of the previous page, unchanged.',
    );
  }
}
