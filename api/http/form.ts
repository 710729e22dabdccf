import type { Json, JsonObject } from '../../graph/json.ts';
import { requireHarmlessName } from './harmless.ts';
import { ApiProblem } from './problem.ts';

/** Most fields of a form or a query. */
export const MAX_FIELDS = 1_000;
/** Longest name of a field, in characters. */
export const MAX_NAME = 200;

/** The form or query that is read, for the words of a problem, and how many fields it may have. */
interface Bounds {
  readonly what?: string;
  readonly maxFields?: number;
}

/**
 * Reads a URL-encoded form or query. A field that is given several times becomes a list.
 *
 * @throws ApiProblem `body.invalid`
 */
export function decodeForm(text: string, what = 'body'): JsonObject {
  return collect(formPairs(text, { what }), what);
}

/** The fields of a URL-encoded form or query, in order. @throws ApiProblem `body.invalid` */
export function formPairs(text: string, { what = 'body', maxFields = MAX_FIELDS }: Bounds = {}): [string, string][] {
  const pairs = text.split('&', maxFields + 1).filter((pair) => pair !== '');
  if (pairs.length > maxFields) throw tooMany(what, maxFields);
  return pairs.map((pair) => {
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    return [decoded(pair.slice(0, at), what), decoded(pair.slice(at + 1), what)];
  });
}

/** Fields by name, each name once. @throws ApiProblem `body.invalid` if there are too many, or a name is not taken */
export function collect(fields: readonly (readonly [string, Json])[], what = 'body'): JsonObject {
  if (fields.length > MAX_FIELDS) throw tooMany(what, MAX_FIELDS);
  const values = new Map<string, Json[]>();
  for (const [name, value] of fields) {
    if (name.length > MAX_NAME)
      throw new ApiProblem('body.invalid', `The ${what} has a field whose name is longer than ${MAX_NAME} characters.`);
    requireHarmlessName(name, what);
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}

const tooMany = (what: string, most: number): ApiProblem =>
  new ApiProblem('body.invalid', `The ${what} has more than ${most} fields.`);

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
