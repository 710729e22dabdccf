import type { JsonSchema } from '../../graph/json.ts';

/** Deepest nesting that is written out; what is deeper can be anything. */
const MOST_DEEP = 8;

interface Within {
  readonly root: JsonSchema;
  readonly indent: string;
  readonly depth: number;
}

/** A JSON Schema as a type of TypeScript. What TypeScript cannot say, such as a pattern, is left out. */
export function typeText(schema: JsonSchema, indent = ''): string {
  return typeOf(schema, { root: schema, indent, depth: 0 });
}

function typeOf(given: unknown, outer: Within): string {
  if (outer.depth > MOST_DEEP || typeof given !== 'object' || given === null) return given === false ? 'never' : 'any';
  const schema = given as JsonSchema;
  const within = { ...outer, depth: outer.depth + 1 };
  if (typeof schema.$ref === 'string') return typeOf(resolved(schema.$ref, outer.root), within);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map((word) => JSON.stringify(word)));
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) return union(branches.map((branch) => typeOf(branch, within)));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, within)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return schema.items === undefined ? 'any[]' : `Array<${typeOf(schema.items, within)}>`;
    case 'object':
      return objectText(schema, within);
    default:
      return 'any';
  }
}

function objectText(schema: JsonSchema, within: Within): string {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: readonly string[];
    additionalProperties?: unknown;
  };
  const entries = Object.entries(properties);
  if (entries.length === 0) {
    if (additionalProperties === false) return 'Record<string, never>';
    return `{ [key: string]: ${additionalProperties === undefined ? 'any' : typeOf(additionalProperties, within)} }`;
  }
  const inner = { ...within, indent: `${within.indent}  ` };
  const fields = entries.map(([name, field]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${commentText(field, inner.indent)}${inner.indent}${keyText(name)}${optional}: ${typeOf(field, inner)};\n`;
  });
  return `{\n${fields.join('')}${within.indent}}`;
}

/** A description as a comment, which cannot end before its end. */
export function commentText({ description }: JsonSchema, indent: string): string {
  if (typeof description !== 'string') return '';
  return `${indent}/** ${description.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */\n`;
}

export const keyText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ') || 'never';

function resolved(ref: string, root: JsonSchema): unknown {
  let value: unknown = root;
  for (const segment of ref.replace(/^#\/?/, '').split('/').filter(Boolean))
    value = (value as Record<string, unknown> | undefined)?.[segment];
  return value;
}
