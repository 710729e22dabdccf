import type { Json, JsonObject } from '../../../graph/json.ts';
import { ApiProblem } from '../../http/problem.ts';

/** Most fields of a form or a query. */
export const MAX_FIELDS = 1_000;
/** Longest name of a field, in characters. */
export const MAX_NAME = 200;

/**
 * Reads a URL-encoded form or query. A field that is given several times becomes a list.
 *
 * @throws ApiProblem `body.invalid`
 */
export function decodeForm(text: string, what = 'body'): JsonObject {
  const fields: [string, Json][] = text.split('&', MAX_FIELDS + 1).flatMap((pair) => {
    if (pair === '') return [];
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    return [[decoded(pair.slice(0, at), what), decoded(pair.slice(at + 1), what)] as [string, Json]];
  });
  return collect(fields, what);
}

/** Fields by name, each name once. @throws ApiProblem `body.invalid` if there are too many, or a name is too long */
export function collect(fields: readonly (readonly [string, Json])[], what = 'body'): JsonObject {
  if (fields.length > MAX_FIELDS)
    throw new ApiProblem('body.invalid', `The ${what} has more than ${MAX_FIELDS} fields.`);
  const values = new Map<string, Json[]>();
  for (const [name, value] of fields) {
    if (name.length > MAX_NAME)
      throw new ApiProblem('body.invalid', `The ${what} has a field whose name is longer than ${MAX_NAME} characters.`);
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ApiProblem(
      'body.invalid',
      `The ${what} is not URL-encoded UTF-8: "%" must begin an escape such as "%C3%BC".`,
    );
  }
}
