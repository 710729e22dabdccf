import { fault } from './fault.ts';
import type { Page } from './page.ts';
import { required } from './path.ts';

/**
 * Whether the flag of a page says that there is another page. Null if the author names no flag.
 *
 * @throws NodeError `http.pagination`
 */
export function saysMore(page: Page, { more }: { readonly more?: string | undefined }): boolean | null {
  if (more === undefined) return null;
  const flag = required(page, 'more', more);
  if (flag === null || typeof flag === 'boolean') return flag === true;
  throw fault(page.response.request, `the value at "${more}" ("more") is neither true nor false`);
}
