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
      address === null
        ? 'its next page is not an address'
        : `its next page is at another origin (${shown(address.url)}); only the origin of the first page gets the request`,
    );
  }
  return { ...first, ...address };
}
