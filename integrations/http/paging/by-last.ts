import type { HttpRequest } from '../message.ts';
import type { ByLast } from '../pagination.ts';
import { fault } from './fault.ts';
import { saysMore } from './more.ts';
import type { Page } from './page.ts';
import { at } from './path.ts';
import { placed } from './place.ts';

/** The page after the last item of this one; null after an empty page, or if the flag says there are no more pages. */
export function nextByLast(first: HttpRequest, how: ByLast, page: Page): HttpRequest | null {
  if (saysMore(page, how) === false) return null;
  const last = page.items.at(-1);
  if (last === undefined) return null;
  const id = at(last, how.id) ?? null;
  if (id === null || typeof id === 'object')
    throw fault(first, `the last item of page ${page.number} has no text or number at "${how.id}" ("id")`);
  return placed(first, how, id);
}
