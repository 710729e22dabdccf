import type { Json } from '../../graph/json.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { shown } from './address.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import type { HttpInput, HttpOutput } from './request.ts';
import { decodeBody } from './response.ts';
import { fetchPage, outline } from './send.ts';

type Pagination = NonNullable<HttpInput['pagination']>;

/**
 * Fetches page after page and joins their items. The size limit counts all pages together.
 *
 * @throws NodeError `http.pagination` if a page has no list, or the pages turn in a circle.
 */
export async function paginate(
  ctx: NodeContext,
  input: HttpInput,
  how: Pagination,
  first: HttpRequest,
): Promise<HttpOutput> {
  const items: Json[] = [];
  const seen = new Set<string>();
  let left = input.maxBytes;
  let next: HttpRequest | null = first;
  if (how.by === 'page') next = withParameter(first, how.parameter, String(how.start));
  for (let pages = 1; ; pages += 1) {
    if (seen.has(next.url.href)) throw fault(next, 'it led to a page that was fetched before');
    seen.add(next.url.href);
    const { response, bytes } = await fetchPage(ctx, input, withPageKey(next, pages), left);
    left -= bytes.length;
    const body = await decodeBody(ctx, response, bytes, 'json');
    const page = itemsOf(next, body, how.items);
    for (const item of page) items.push(item);
    ctx.heartbeat();
    next = nextPage(how, first, response, body, page.length, pages);
    if (next === null || pages === how.maxPages) {
      return { ...outline(response), body: items, pages, complete: next === null };
    }
  }
}

function nextPage(
  how: Pagination,
  first: HttpRequest,
  response: HttpResponse,
  body: Json,
  count: number,
  pages: number,
): HttpRequest | null {
  switch (how.by) {
    case 'link': {
      const target = nextLink(response.headers.link ?? '');
      return target === null ? null : withUrl(first, response.request.url, target);
    }
    case 'cursor': {
      const cursor = at(body, how.cursor);
      if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return null;
      return withParameter(first, how.parameter, String(cursor));
    }
    case 'page':
      return count === 0 ? null : withParameter(first, how.parameter, String(how.start + pages));
  }
}

/** Target of the link with `rel="next"` in a `Link` header (RFC 8288), or null. */
export function nextLink(header: string): string | null {
  for (const [, target, parameters] of header.matchAll(
    /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g,
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters ?? '');
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target ?? null;
  }
  return null;
}

function withUrl(first: HttpRequest, base: URL, target: string): HttpRequest {
  const url = URL.canParse(target, base.href) ? new URL(target, base.href) : null;
  if (url === null || url.origin !== first.url.origin) {
    throw fault(first, `its next page lies elsewhere (${url === null ? 'no address' : shown(url)})`);
  }
  return { ...first, url };
}

function withParameter(first: HttpRequest, name: string, value: string): HttpRequest {
  const url = new URL(first.url.href);
  url.searchParams.set(name, value);
  return { ...first, url };
}

/** Pages are different requests, so each has a key of its own. */
function withPageKey(request: HttpRequest, page: number): HttpRequest {
  const key = request.headers['idempotency-key'];
  if (key === undefined || page === 1) return request;
  return { ...request, headers: { ...request.headers, 'idempotency-key': `${key}#${page}` } };
}

function itemsOf(request: HttpRequest, body: Json, path: string): Json[] {
  const found = at(body, path);
  if (Array.isArray(found)) return found;
  throw fault(request, path === '' ? 'the answer is no list; set "items"' : `there is no list at "${path}"`);
}

/** Value at a dotted path of own properties; the empty path is the value itself. */
function at(value: Json, path: string): Json | undefined {
  let current: Json | undefined = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, name)) return undefined;
    current = (current as Record<string, Json>)[name];
  }
  return current;
}

function fault(request: HttpRequest, why: string): NodeError {
  return new NodeError('http.pagination', `The pages of ${shown(request.url)} cannot be followed: ${why}.`);
}
