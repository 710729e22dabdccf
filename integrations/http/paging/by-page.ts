import type { HttpRequest } from '../message.ts';
import type { ByPage } from '../pagination.ts';
import { saysMore } from './more.ts';
import type { Page } from './page.ts';
import { placed } from './place.ts';

/** The first page, which has the start number. */
export const firstByPage = (first: HttpRequest, how: ByPage): HttpRequest => placed(first, how, how.start, 'page');

/** The page with the next number; null after an empty page, or if the flag says that there are no more pages. */
export function nextByPage(first: HttpRequest, how: ByPage, page: Page): HttpRequest | null {
  if (saysMore(page, how) === false || page.items.length === 0) return null;
  return placed(first, how, how.start + page.number, 'page');
}
