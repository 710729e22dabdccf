import type { HttpRequest } from '../message.ts';
import { following } from './following.ts';
import type { Page } from './page.ts';

/** The page that the `Link` header calls the next one; null if the header names none. */
export function nextByLink(first: HttpRequest, page: Page): HttpRequest | null {
  const target = nextLink(page.response.headers.link ?? '');
  return target === null ? null : following(first, page, target);
}

/** Target of the link with `rel="next"` in a `Link` header (RFC 8288), or null. */
function nextLink(header: string): string | null {
  for (const [, target, parameters] of header.matchAll(
    /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g,
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters ?? '');
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target ?? null;
  }
  return null;
}
