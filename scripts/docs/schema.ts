import { z } from 'zod';
import { graphSchema } from '../../graph/document/schema.ts';
import type { JsonSchema } from '../../graph/json.ts';
import { BUILTIN_TRIGGERS } from '../../graph/node-types/builtin-triggers.ts';
import { BUILTIN_TYPES } from '../../graph/node-types/builtin-types.ts';
import { RE2 } from '../../graph/schemas/keywords.ts';
import { catalogue } from '../../integrations/describe.ts';

/** Text that is an expression or contains one. */
const EXPRESSION: JsonSchema = { type: 'string', pattern: '\\$\\{\\{', description: 'An expression.' };

/**
 * The published JSON Schema of a graph, `docs/blok.schema.json`, with which editors complete and check YAML and JSON.
 * Types of the language and triggers have the schema of their `with`; effects are open, because their schemas are in the
 * catalogue.
 */
export function schemaJson(): string {
  const schema = z.toJSONSchema(graphSchema, { io: 'input' }) as JsonSchema & { $defs: Record<string, JsonSchema> };
  const { $schema, $defs, ...rest } = schema;
  const { node, trigger, ...others } = $defs;
  const document = {
    $schema,
    title: 'Blok graph',
    ...rest,
    $defs: {
      ...others,
      node: byType(
        node!,
        [...BUILTIN_TYPES].map(([type, facts]) => [type, facts.description, facts.with]),
      ),
      trigger: byType(
        trigger!,
        [...BUILTIN_TRIGGERS, ...(catalogue().triggers ?? [])].map(([type, facts]) => [
          type,
          facts.description,
          facts.with,
        ]),
      ),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

type TypeEntry = readonly [type: string, description: string, parameters: JsonSchema];

/** A node or trigger whose `uses` completes, and whose `with` depends on it. */
function byType(schema: JsonSchema, types: readonly TypeEntry[]): JsonSchema {
  const properties = schema.properties as Record<string, JsonSchema>;
  const { pattern, type, ...uses } = properties.uses!;
  const known = types.map(([name, description]) => ({ const: name, description }));
  return {
    ...schema,
    properties: { ...properties, uses: { type, ...uses, anyOf: [...known, { pattern }] } },
    allOf: types.map(([name, , parameters]) => ({
      if: { properties: { uses: { enum: [name, `${name}@1`] } }, required: ['uses'] },
      then: {
        properties: { with: dynamic(parameters) },
        ...(((parameters.required as string[]) ?? []).length > 0 ? { required: ['with'] } : {}),
      },
    })),
  };
}

/** The same schema, with an expression allowed wherever a value is. The outermost map is always written out. */
function dynamic(schema: JsonSchema): JsonSchema {
  const { properties, ...rest } = schema;
  if (properties === undefined) return rest;
  const inner = Object.entries(properties as Record<string, JsonSchema>).map(([name, each]) => [
    name,
    orExpression(each),
  ]);
  return { ...rest, properties: Object.fromEntries(inner) };
}

function orExpression(schema: JsonSchema): JsonSchema {
  // A format of ours means nothing to editors, and strict ones refuse it.
  const { description, format, ...others } = schema;
  const rest: JsonSchema = { ...others, ...(format === undefined || format === RE2 ? {} : { format }) };
  const said = description === undefined ? {} : { description };
  const inside: JsonSchema = {
    ...dynamic(rest),
    ...(isSchema(rest.items) ? { items: orExpression(rest.items) } : {}),
    ...(isSchema(rest.additionalProperties) ? { additionalProperties: orExpression(rest.additionalProperties) } : {}),
  };
  return takesAnyText(rest) ? { ...said, ...inside } : { ...said, anyOf: [inside, EXPRESSION] };
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function takesAnyText({ type, pattern, enum: words, anyOf, const: word }: JsonSchema): boolean {
  if (pattern !== undefined || words !== undefined || anyOf !== undefined || word !== undefined) return false;
  return type === undefined || type === 'string';
}
