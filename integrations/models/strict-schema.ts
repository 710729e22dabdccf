import type { JsonSchema } from '../../graph/json.ts';

/** Limits of the strict modes. They have changed before. */
const MAX_DEPTH = 10;
const MAX_PROPERTIES = 5_000;
const MAX_WORDS = 1_000;
const MAX_CHARACTERS = 120_000;

/** Kept as they are. What else limits a value, such as `maxLength`, is left out: Blok checks it in any case. */
const KEPT = ['type', 'description', 'title', '$ref'] as const;

/** Keywords that change what a schema means in ways that strict modes do not know. */
const FOREIGN = [
  ...['allOf', 'not', 'if', 'then', 'else', 'contains', 'patternProperties', 'propertyNames', 'prefixItems'],
  ...['minProperties', 'maxProperties', 'dependentSchemas', 'dependentRequired', 'unevaluatedProperties'],
  ...['unevaluatedItems', '$dynamicRef', '$anchor', '$id', 'definitions'],
];

/** What has been counted so far. */
interface Count {
  properties: number;
  words: number;
  characters: number;
}

/** A schema that no strict mode takes. */
class NotStrict extends Error {}

/**
 * The schema in the subset of JSON Schema that strict modes of providers enforce, or null if it cannot be said there. A
 * property that may be missing becomes one that may be null; `withoutFiller` takes such nulls out of the answer.
 */
export function strictSchema(schema: JsonSchema): JsonSchema | null {
  const count: Count = { properties: 0, words: 0, characters: 0 };
  try {
    const strict = convert(schema, 0, count);
    return isObject(strict) && strict.anyOf === undefined ? strict : null;
  } catch (error) {
    if (error instanceof NotStrict) return null;
    throw error;
  }
}

function convert(given: unknown, depth: number, count: Count): JsonSchema {
  const schema = given as JsonSchema;
  if (schema === null || typeof schema !== 'object' || depth > MAX_DEPTH) throw new NotStrict();
  if (FOREIGN.some((keyword) => keyword in schema)) throw new NotStrict();
  const strict: JsonSchema = {};
  for (const keyword of KEPT) if (schema[keyword] !== undefined) strict[keyword] = schema[keyword];
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) strict.anyOf = branches.map((branch) => convert(branch, depth, count));
  if ('const' in schema || Array.isArray(schema.enum)) strict.enum = wordsOf(schema, count);
  if (isObject(schema)) Object.assign(strict, objectOf(schema, depth, count));
  if (accepts(schema, 'array')) strict.items = convert(schema.items, depth + 1, count);
  if (schema.$defs !== undefined) {
    const defs = Object.entries(schema.$defs as Record<string, unknown>);
    strict.$defs = Object.fromEntries(defs.map(([name, each]) => [name, convert(each, depth, count)]));
  }
  // A schema that says nothing accepts anything.
  if (['type', '$ref', 'anyOf', 'enum'].every((keyword) => strict[keyword] === undefined)) throw new NotStrict();
  return strict;
}

function objectOf(schema: JsonSchema, depth: number, count: Count): JsonSchema {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, unknown>);
  const open = schema.additionalProperties !== undefined && schema.additionalProperties !== false;
  if (properties.length === 0 || open) throw new NotStrict();
  const required = new Set((schema.required ?? []) as string[]);
  count.properties += properties.length;
  for (const [name] of properties) count.characters += name.length;
  if (count.properties > MAX_PROPERTIES || count.characters > MAX_CHARACTERS) throw new NotStrict();
  return {
    type: schema.type ?? 'object',
    properties: Object.fromEntries(
      properties.map(([name, each]) => {
        const strict = convert(each, depth + 1, count);
        return [name, required.has(name) ? strict : { anyOf: [strict, { type: 'null' }] }];
      }),
    ),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  };
}

function wordsOf(schema: JsonSchema, count: Count): unknown[] {
  const words = 'const' in schema ? [schema.const] : (schema.enum as unknown[]);
  count.words += words.length;
  count.characters += JSON.stringify(words).length;
  if (count.words > MAX_WORDS || count.characters > MAX_CHARACTERS) throw new NotStrict();
  return words;
}

const accepts = ({ type }: JsonSchema, kind: string): boolean => [type].flat().includes(kind);
const isObject = (schema: JsonSchema): boolean => accepts(schema, 'object') || schema.properties !== undefined;
