import type { HttpRequest } from '../message.ts';
import type { ByOffset } from '../pagination.ts';
import { fault } from './fault.ts';
import { saysMore } from './more.ts';
import type { Page } from './page.ts';
import { required } from './path.ts';
import { placed } from './place.ts';

/** The first page, which begins at the start number. */
export const firstByOffset = (first: HttpRequest, how: ByOffset): HttpRequest =>
  placed(first, how, how.start, 'offset');

/**
 * The page after the items so far; null after an empty page, or if the total or the flag says that there are no more.
 * A page with fewer items than requested is not taken for the last one, because services cut large pages short.
 */
export function nextByOffset(first: HttpRequest, how: ByOffset, page: Page): HttpRequest | null {
  if (saysMore(page, how) === false || page.items.length === 0) return null;
  const offset = how.start + page.fetched;
  if (how.total !== undefined && offset >= totalOf(page, how.total)) return null;
  return placed(first, how, offset, 'offset');
}

/** If a later page has no total, only an empty page ends the list. */
function totalOf(page: Page, path: string): number {
  const total = required(page, 'total', path) ?? Number.POSITIVE_INFINITY;
  if (typeof total === 'number') return total;
  if (typeof total === 'string' && /^\d+$/.test(total)) return Number(total);
  throw fault(page.response.request, `what stands at "${path}" ("total") is no number`);
}
