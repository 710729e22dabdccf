import type { Json } from '../../../graph/json.ts';
import { fault } from './fault.ts';
import type { Page } from './page.ts';

/** How many field names of an answer an error lists. */
const MOST_NAMES = 12;

/**
 * The value at a dotted path of own properties; undefined if there is none. The empty path is the value itself. A name
 * may contain dots (`@odata.nextLink`).
 */
export function at(value: Json, path: string): Json | undefined {
  if (path === '') return value;
  if (value === null || typeof value !== 'object') return undefined;
  const fields = value as Record<string, Json>;
  if (Object.hasOwn(fields, path)) return fields[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    const found = Object.hasOwn(fields, name) ? at(fields[name]!, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The value at a path that must exist in the first answer: a path that leads nowhere from the start is more likely a
 * mistake than the end. On later pages, null if the value is absent.
 *
 * @throws NodeError `http.pagination`
 */
export function required(page: Page, field: string, path: string, advice = ''): Json {
  const found = at(page.body, path);
  if (found !== undefined || page.number > 1) return found ?? null;
  throw fault(
    page.response.request,
    `the first answer has nothing at ${JSON.stringify(path)} ("${field}")${namesOf(page.body)}${advice}`,
  );
}

/** What the answer contains instead. */
function namesOf(body: Json): string {
  if (Array.isArray(body)) return '; it is a list';
  if (body === null || typeof body !== 'object') return '';
  const names = Object.keys(body);
  return `; it has ${names.slice(0, MOST_NAMES).join(', ') || 'no fields'}${names.length > MOST_NAMES ? ' …' : ''}`;
}
