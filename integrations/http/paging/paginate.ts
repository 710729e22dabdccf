import type { Json } from '../../../graph/json.ts';
import type { ProviderContext } from '../../context.ts';
import { hrefOf } from '../address.ts';
import { fetchPage, outline } from '../fetch-page.ts';
import type { HttpInput, HttpOutput } from '../input.ts';
import type { HttpRequest } from '../message.ts';
import { decodePage, newRoom } from '../response/decode-body.ts';
import { nextByCursor } from './by-cursor.ts';
import { nextByLast } from './by-last.ts';
import { nextByLink } from './by-link.ts';
import { nextByAddress } from './by-next.ts';
import { firstByOffset, nextByOffset } from './by-offset.ts';
import { firstByPage, nextByPage } from './by-page.ts';
import { fault, lateFailure } from './fault.ts';
import { itemsOf } from './items.ts';
import type { Page } from './page.ts';

type Pagination = NonNullable<HttpInput['pagination']>;

/**
 * Fetches page after page and joins their items. The limits of size count all pages together. An answer without a body,
 * or with a status other than 2xx that the author accepts, ends the pages, because that is how some services say that
 * there is nothing more.
 *
 * @throws NodeError `http.pagination` if a page has no list, or the pages go round in a circle.
 */
export async function paginate(
  ctx: ProviderContext,
  input: HttpInput,
  how: Pagination,
  start: HttpRequest,
): Promise<HttpOutput> {
  const all: Json[] = [];
  const seen = new Set<string>();
  let left = input.maxBytes;
  const room = newRoom();
  for (let request = firstPage(how, start), number = 1; ; number += 1) {
    const identity = identityOf(request);
    if (seen.has(identity)) throw fault(request, 'it led to a page that was fetched before');
    seen.add(identity);
    const { response, bytes } = await fetchPage(ctx, input, withPageKey(request, number), left).catch((error) => {
      throw lateFailure(error, number);
    });
    ctx.heartbeat();
    const end = { ...outline(response), body: all, pages: number };
    if (bytes.length === 0 || response.status >= 300) return { ...end, complete: true };
    left -= bytes.length;
    const body = decodePage(response, bytes, input, room);
    const items = itemsOf(request, body, how.items, number === 1);
    for (const item of items) all.push(item);
    const next = nextPage(how, start, { response, body, items, number, fetched: all.length });
    if (next === null || number === how.maxPages) return { ...end, complete: next === null };
    request = next;
  }
}

function firstPage(how: Pagination, start: HttpRequest): HttpRequest {
  if (how.by === 'page') return firstByPage(start, how);
  return how.by === 'offset' ? firstByOffset(start, how) : start;
}

function nextPage(how: Pagination, start: HttpRequest, page: Page): HttpRequest | null {
  switch (how.by) {
    case 'link':
      return nextByLink(start, page);
    case 'next':
      return nextByAddress(start, how, page);
    case 'cursor':
      return nextByCursor(start, how, page);
    case 'last':
      return nextByLast(start, how, page);
    case 'offset':
      return nextByOffset(start, how, page);
    case 'page':
      return nextByPage(start, how, page);
  }
}

/** What identifies a page: its address, and the body that requests it. */
const identityOf = (request: HttpRequest): string =>
  `${hrefOf(request)}\n${Buffer.from(request.body?.bytes ?? '').toString('latin1')}`;

/** Pages are different requests, so each has its own key. */
function withPageKey(request: HttpRequest, number: number): HttpRequest {
  const key = request.headers['idempotency-key'];
  if (key === undefined || number === 1) return request;
  return { ...request, headers: { ...request.headers, 'idempotency-key': `${key}#${number}` } };
}
