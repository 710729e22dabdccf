import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** Every keyword of JSON Schema 2020-12, and of the drafts before it. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    '$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs definitions ' +
    'type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern ' +
    'maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired ' +
    'allOf anyOf oneOf not if then else dependentSchemas dependencies prefixItems items additionalItems contains ' +
    'properties patternProperties additionalProperties propertyNames unevaluatedItems unevaluatedProperties ' +
    'title description default deprecated readOnly writeOnly examples example format ' +
    'contentEncoding contentMediaType contentSchema nullable discriminator'
  ).split(' '),
);

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);

/**
 * Reports a schema that is a plain map of fields, such as `{ email: string }` or `{ email: { type: string } }`: JSON
 * Schema knows none of these words and would accept anything. A part of a schema (`inner`) may hold words of a tool
 * instead, so its fields must look like schemas. Null if the schema is not a map of fields.
 */
export function plainFields(schema: Readonly<Record<string, unknown>>, path: string, inner: boolean): Problem | null {
  if (Object.hasOwn(schema, 'properties') || Object.hasOwn(schema, '$ref')) return null;
  const foreign = Object.entries(schema).filter(([key]) => !KEYWORDS.has(key) && !/^(x-|\$)/.test(key));
  const meant = foreign.filter(([, value]) => describesField(value));
  const all = foreign.length === Object.keys(schema).length;
  if (foreign.length === 0 || (meant.length === 0 && (inner || !all))) return null;
  const names = foreign.slice(0, 3).map(([key]) => key);
  const first = names[0]!;
  return problem(
    'bad-schema',
    all ? path : `${path}/${escapeSegment(first)}`,
    `This is a map of fields (${names.map((name) => `\`${name}\``).join(', ')}), not a JSON Schema: it would accept anything.`,
    `Write \`{ type: object, properties: { ${first}: { type: string } } }\`.`,
  );
}

/** Whether a value describes a field: it is the name of a type, or a schema. */
function describesField(value: unknown): boolean {
  if (typeof value === 'string') return TYPES.has(value.replace(/\?$/, ''));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return ['type', 'properties', 'items', 'enum', '$ref'].some((key) => Object.hasOwn(value, key));
}
