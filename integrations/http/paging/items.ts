import type { Json } from '../../../graph/json.ts';
import type { HttpRequest } from '../message.ts';
import { fault } from './fault.ts';
import { at } from './path.ts';

/**
 * The list in a page. Instead of an empty list, some services send null, and some leave it out after the last page.
 *
 * @throws NodeError `http.pagination` if there is no list.
 */
export function itemsOf(request: HttpRequest, body: Json, path: string, isFirst: boolean): readonly Json[] {
  const found = at(body, path);
  if (Array.isArray(found)) return found;
  if (found === null || (found === undefined && !isFirst)) return [];
  throw fault(
    request,
    path === '' ? 'the answer is not a list; set "items"' : `there is no list at "${path}" ("items")`,
  );
}
