import type { JsonSchema } from '../json.ts';
import { accepts, branchesOf, kindOf, resolve, type Within } from './schema-walk.ts';

const MAX_DEPTH = 64;

/**
 * A resolved value without the fields that are null although their schema does not allow null: they count as not given.
 * Entries of lists stay. Values without such fields are not copied.
 *
 * @example leaveOut({ to: 'a@b.example', cc: null }, emailSchema) // { to: 'a@b.example' }
 */
export function leaveOut(value: unknown, schema: JsonSchema): unknown {
  return walk(value, schema, { root: schema, depth: 0 });
}

function walk(value: unknown, given: unknown, within: Within): unknown {
  if (value === null || typeof value !== 'object' || within.depth > MAX_DEPTH) return value;
  const schema = branchFor(value, given, within);
  if (schema === null) return value;
  const deeper = { ...within, depth: within.depth + 1 };
  if (Array.isArray(value)) {
    const entries = value.map((entry) => walk(entry, schema.items, deeper));
    return entries.some((entry, index) => entry !== value[index]) ? entries : value;
  }
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  const fields = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const inner = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
    if (field === null && inner !== undefined && inner !== false && !accepts(inner, 'null', deeper)) return [];
    return [[key, walk(field, inner, deeper)]];
  });
  const before = Object.values(value);
  const same = fields.length === before.length && fields.every(([, field], index) => field === before[index]);
  return same ? value : Object.fromEntries(fields);
}

/** The schema itself, or, of a union, the only branch for this kind of value; null if that is not known. */
function branchFor(value: object, given: unknown, within: Within): JsonSchema | null {
  if (given === null || typeof given !== 'object' || within.depth > MAX_DEPTH) return null;
  const schema = resolve(given as JsonSchema, within.root);
  const branches = branchesOf(schema);
  if (branches === undefined) return schema;
  const fitting = branches.filter((branch) => accepts(branch, kindOf(value as never), within));
  return fitting.length === 1 ? branchFor(value, fitting[0], { ...within, depth: within.depth + 1 }) : null;
}
