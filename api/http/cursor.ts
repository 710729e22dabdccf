import type { z } from 'zod';
import { ApiProblem } from './problem.ts';

/** The cursor of a page: where it ends, as text that callers hand back unchanged. */
export const writeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** What a cursor says, if it has that form. @throws ApiProblem `request.invalid` */
export function readCursor<T>(text: string, form: z.ZodType<T>): T {
  const place = form.safeParse(parsed(text));
  if (place.success) return place.data;
  throw new ApiProblem(
    'request.invalid',
    'query/cursor: is not one of ours. Use "next" of the previous page, unchanged.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * A page of a list, made of one row more than it may have: the last one only tells that there is another page.
 *
 * @param placeOf what the list is sorted by
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  { limit, placeOf, present }: { limit: number; placeOf: (row: Row) => unknown; present: (row: Row) => Item },
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(present),
    next: rows.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null,
  };
}
