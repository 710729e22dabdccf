import type { JsonObject } from '../../graph/json.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * The path parameters of an address, or null if the address does not fit the pattern.
 *
 * @param pattern `/orders/:id`; null fits every address
 * @throws ApiProblem `request.invalid`
 * @example matchPath('/orders/:id', '/orders/7') // { id: '7' }
 */
export function matchPath(pattern: string | null, path: string): JsonObject | null {
  const given = segments(path).map(decoded);
  if (pattern === null) return {};
  const wanted = segments(pattern);
  if (given.length !== wanted.length) return null;
  const params: [string, string][] = [];
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(':') && given[at] !== '') params.push([part.slice(1), given[at]!]);
    else if (part !== given[at]) return null;
  }
  return Object.fromEntries(params);
}

const segments = (path: string): string[] => path.split('/').slice(1);

function decoded(segment: string): string {
  try {
    const text = decodeURIComponent(segment);
    if (!/\p{Cc}/u.test(text)) return text;
  } catch {
    // Said below.
  }
  throw new ApiProblem('request.invalid', 'The address is not URL-encoded UTF-8, or holds control characters.');
}
