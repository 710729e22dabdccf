import type { Json, JsonSchema } from '../../graph/json.ts';
import { accepts, branchesOf, resolve } from '../../graph/schemas/schema-walk.ts';

/** No strict schema is deeper, and no answer may be, either. */
const MAX_DEPTH = 64;

/**
 * The value without the nulls that stand for properties which are left out: a strict mode makes a model write every
 * property. A null that the schema takes stays.
 */
export function withoutFiller(value: Json, schema: JsonSchema): Json {
  return strip(value, schema, schema, 0);
}

function strip(value: Json, given: unknown, root: JsonSchema, depth: number): Json {
  if (value === null || typeof value !== 'object' || typeof given !== 'object' || given === null) return value;
  if (depth > MAX_DEPTH) return value;
  const schema = resolve(given as JsonSchema, root);
  const branches = branchesOf(schema);
  if (branches !== undefined)
    return branches.reduce<Json>((left, branch) => strip(left, branch, root, depth + 1), value);
  if (Array.isArray(value)) return value.map((item) => strip(item, schema.items, root, depth + 1));
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  const required = (schema.required ?? []) as string[];
  const kept = Object.entries(value).filter(([name, inner]) => {
    if (inner !== null || required.includes(name) || !Object.hasOwn(properties, name)) return true;
    return accepts(properties[name], 'null', { root, depth: 0 });
  });
  return Object.fromEntries(kept.map(([name, inner]) => [name, strip(inner, properties[name], root, depth + 1)]));
}
