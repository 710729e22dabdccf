import type { Json } from '../../../graph/json.ts';
import type { Page } from './page.ts';
import { at, required } from './path.ts';

const ADVICE =
  '. If the service leaves it out on its last page, set "mayBeAbsent: true"; to continue after the last item, write "by: last"';

/**
 * Where the next page is, according to the answer; null, "" and false say that there is none.
 *
 * @throws NodeError `http.pagination` if the first answer lacks it.
 */
export function nextPosition(
  page: Page,
  field: string,
  path: string,
  { mayBeAbsent }: { readonly mayBeAbsent: boolean },
): Exclude<Json, null> | null {
  const position = mayBeAbsent ? (at(page.body, path) ?? null) : required(page, field, path, ADVICE);
  return position === '' || position === false ? null : position;
}
