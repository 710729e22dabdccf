import type { Json, JsonSchema } from '../json.ts';

/** How deep a schema is followed, because a schema that contains itself has no end. */
const MAX_DEPTH = 64;

/** The document that the `$ref`s of a schema point into, and how deep the schema was followed. */
export interface Within {
  readonly root: JsonSchema;
  readonly depth: number;
}

/** Name of a value's kind, as in JSON Schema's `type`. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** Branches of a union, if the schema is one. */
export const branchesOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  (schema.anyOf ?? schema.oneOf) as unknown[] | undefined;

/** The constants that a schema is limited to, if any. */
export const wordsOf = (schema: JsonSchema): readonly unknown[] | undefined =>
  'const' in schema ? [schema.const] : (schema.enum as unknown[] | undefined);

/** Whether a schema accepts some value of a kind. True if that is not known. */
export function accepts(given: unknown, kind: string, within: Within): boolean {
  if (given === true || given === undefined || within.depth > MAX_DEPTH) return true;
  if (given === false) return false;
  const schema = resolve(given as JsonSchema, within.root);
  const deeper = { ...within, depth: within.depth + 1 };
  if (branchesOf(schema)?.some((branch) => accepts(branch, kind, deeper)) === false) return false;
  if (!((schema.allOf ?? []) as unknown[]).every((part) => accepts(part, kind, deeper))) return false;
  const words = wordsOf(schema);
  if (schema.type === undefined) return words === undefined || words.some((word) => fits(kindOf(word as Json), kind));
  return [schema.type].flat().some((type) => fits(kind, type as string));
}

/** Kinds are the types of JSON Schema; every integer is a number. */
const fits = (kind: string, type: string): boolean => kind === type || (kind === 'integer' && type === 'number');

/** Follows `$ref` within the schema's own document. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let hops = 0; typeof current.$ref === 'string' && hops < 20; hops += 1) {
    let target: unknown = root;
    for (const part of current.$ref.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      target =
        target !== null && typeof target === 'object' && Object.hasOwn(target, key)
          ? (target as Record<string, unknown>)[key]
          : {};
    }
    current = typeof target === 'object' && target !== null ? (target as JsonSchema) : {};
  }
  return current;
}

/**
 * The schemas that a path into a value can lead to: none if the value certainly has no such part, null if that is not
 * known.
 */
export function follow(given: unknown, path: readonly string[], within: Within): readonly JsonSchema[] | null {
  if (given === true || given === undefined || within.depth > MAX_DEPTH) return null;
  if (given === false) return [];
  const schema = resolve(given as JsonSchema, within.root);
  const deeper = { ...within, depth: within.depth + 1 };
  const branches = branchesOf(schema);
  if (branches !== undefined) {
    const found = branches.map((branch) => follow(branch, path, deeper));
    return found.includes(null) ? null : found.flatMap((each) => each ?? []);
  }
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  if (schema.type === 'null') return [];
  if (schema.allOf !== undefined || schema.patternProperties !== undefined || schema.type !== 'object') return null;
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  if (Object.hasOwn(properties, first)) return follow(properties[first], rest, deeper);
  return schema.additionalProperties === false ? [] : follow(schema.additionalProperties, rest, deeper);
}

/** Every kind of value that one of the schemas accepts, except null. */
export function kindsAmong(schemas: readonly JsonSchema[], root: JsonSchema): string[] {
  return ['boolean', 'object', 'array', 'number', 'integer', 'string'].filter((kind) =>
    schemas.some((schema) => accepts(schema, kind, { root, depth: 0 })),
  );
}
