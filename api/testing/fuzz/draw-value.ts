/** Values drawn from JSON Schemas: most fit, some do not. */

/** A whole number from 0 to n − 1. */
export type Draw = (n: number) => number;

/** The part of JSON Schema that the API's description uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Where values come from. */
export interface Pool {
  readonly draw: Draw;
  /** Finds the target of a `$ref`. */
  readonly resolve: (ref: string) => Schema;
  /** Texts that mean something: names, ids, times. */
  readonly words: readonly string[];
  /** Values for properties of these names, whatever their schema says. */
  readonly known: Readonly<Record<string, readonly unknown[]>>;
}

/** One value in so many is junk. */
const JUNK_ONE_IN = 12;
const DEEPEST = 6;

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
};

const JUNK: readonly unknown[] = [
  ...[null, '', ' ', 0, -1, 1.5, 1e308, true, [], {}, [null], 'x'.repeat(3_000), '\u0000', '\ud800', '../..', '%00'],
  ...['${{ 1 + }}', '${{ input }}', "'; drop table run; --", '2026-99-99T00:00:00Z', '9'.repeat(30)],
  ...[nested(60), { constructor: 1, toString: 2 }, JSON.parse('{"__proto__": {"a": 1}}')],
];

export const oneOf = <T>(draw: Draw, from: readonly T[]): T => from[draw(from.length)]!;

/** A value that fits a schema, more or less. */
export function drawValue(pool: Pool, schema: Schema, name = '', depth = 0): unknown {
  const { draw, known } = pool;
  if (draw(JUNK_ONE_IN) === 0) return oneOf(draw, JUNK);
  if (Object.hasOwn(known, name) && draw(4) > 0) return oneOf(draw, known[name]!);
  if (schema.$ref !== undefined) return drawValue(pool, pool.resolve(schema.$ref), name, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return oneOf(draw, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return drawValue(pool, oneOf(draw, choices), name, depth + 1);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => drawValue(pool, each, name, depth + 1)));
  const type = typeof schema.type === 'string' || !schema.type ? schema.type : oneOf(draw, schema.type);
  return ofType(pool, type ?? anyType(draw, depth), schema, { name, depth });
}

const anyType = (draw: Draw, depth: number): string =>
  oneOf(draw, ['string', 'integer', 'boolean', 'null', ...(depth < DEEPEST ? ['object', 'array'] : [])]);

function ofType(pool: Pool, type: string, schema: Schema, at: { name: string; depth: number }): unknown {
  const { draw } = pool;
  switch (type) {
    case 'string':
      return textOf(pool, schema);
    case 'integer':
    case 'number':
      return numberOf(draw, schema, type === 'integer');
    case 'boolean':
      return draw(2) === 0;
    case 'array':
      return listOf(pool, schema, at);
    case 'object':
      return objectOf(pool, schema, at.depth);
    default:
      return null;
  }
}

function numberOf(draw: Draw, { minimum, maximum }: Schema, whole: boolean): number {
  const least = Math.max(minimum ?? -5, -1_000_000);
  const most = Math.min(maximum ?? least + 1_000, 1_000_000_000);
  const edge = oneOf(draw, [least, most, least + draw(Math.max(1, Math.min(1_000, Math.ceil(most - least))))]);
  return whole ? Math.round(edge) : edge + draw(2) / 2;
}

function textOf({ draw, words }: Pool, { pattern, format, minLength = 0, maxLength = 60 }: Schema): string {
  if (format === 'date-time') return oneOf(draw, ['2026-01-01T00:00:00.000Z', '2030-06-01T12:00:00+02:00']);
  const fits = (text: string): boolean =>
    text.length >= minLength && text.length <= maxLength && (!pattern || matches(pattern, text));
  const fitting = words.filter(fits);
  if (fitting.length > 0) return oneOf(draw, fitting);
  return 'abcdefghij'.repeat(10).slice(0, Math.max(minLength, Math.min(maxLength, 1 + draw(20))));
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

function listOf(pool: Pool, schema: Schema, { name, depth }: { name: string; depth: number }): unknown[] {
  const { items = {}, prefixItems, minItems = 0, maxItems = 4 } = schema;
  if (prefixItems) return prefixItems.map((each) => drawValue(pool, each, name, depth + 1));
  const length = minItems + (depth < DEEPEST ? pool.draw(Math.max(1, Math.min(4, maxItems - minItems + 1))) : 0);
  return Array.from({ length }, () => drawValue(pool, items, name, depth + 1));
}

function objectOf(pool: Pool, schema: Schema, depth: number): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const { draw, words } = pool;
  const value: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const isGiven = required.includes(name) ? draw(15) > 0 : draw(3) === 0;
    if (isGiven) value[name] = drawValue(pool, property, name, depth + 1);
  }
  if (typeof additionalProperties === 'object' && depth < DEEPEST)
    for (let n = draw(3); n > 0; n--) value[oneOf(draw, words)] = drawValue(pool, additionalProperties, '', depth + 1);
  if (draw(20) === 0) value[oneOf(draw, ['extra', '__proto__', 'constructor', ''])] = 1;
  return value;
}
