import type { HttpRequest } from '../message.ts';
import type { ByCursor } from '../pagination.ts';
import { fault } from './fault.ts';
import { saysMore } from './more.ts';
import type { Page } from './page.ts';
import { placed } from './place.ts';
import { nextPosition } from './position.ts';

/** The page after the answer's cursor; null if there is no cursor, or the flag says that there are no more pages. */
export function nextByCursor(first: HttpRequest, how: ByCursor, page: Page): HttpRequest | null {
  const more = saysMore(page, how);
  if (more === false) return null;
  const cursor = nextPosition(page, 'cursor', how.cursor, how);
  if (cursor === null) {
    if (more === true) throw fault(first, `"${how.more}" says that there is more, and "${how.cursor}" holds no cursor`);
    return null;
  }
  if (typeof cursor === 'string' && /^https?:\/\//i.test(cursor))
    throw fault(first, `the cursor at "${how.cursor}" is an address: write "by: next, next: ${how.cursor}"`);
  return placed(first, how, cursor);
}
