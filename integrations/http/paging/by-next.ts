import type { HttpRequest } from '../message.ts';
import type { ByNext } from '../pagination.ts';
import { fault } from './fault.ts';
import { following } from './following.ts';
import type { Page } from './page.ts';
import { nextPosition } from './position.ts';

/** The page whose address the answer contains; null if it contains none. */
export function nextByAddress(first: HttpRequest, how: ByNext, page: Page): HttpRequest | null {
  const target = nextPosition(page, 'next', how.next, how);
  if (target === null) return null;
  if (typeof target !== 'string') throw fault(first, `what stands at "${how.next}" ("next") is no address`);
  return following(first, page, target);
}
