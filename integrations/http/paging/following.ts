import { parseAddress, shown } from '../address.ts';
import type { HttpRequest } from '../message.ts';
import { fault } from './fault.ts';
import type { Page } from './page.ts';

/**
 * The request for an address that a page names, relative to the page. The address must have the same origin, because
 * the request is sent with the same credential.
 *
 * @throws NodeError `http.pagination`
 */
export function following(first: HttpRequest, page: Page, target: string): HttpRequest {
  const address = parseAddress(target, page.response.request);
  if (address === null || address.url.origin !== first.url.origin) {
    throw fault(
      first,
      `its next page is at another origin (${address === null ? 'not an address' : shown(address.url)})`,
    );
  }
  return { ...first, ...address };
}
