import type { Graph } from '../document/types.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { problemsOf, refuse } from './trigger.ts';

/**
 * Checks one item of a batch, whose run will have the input `{ items }`: what the schema says about each item. What it says
 * about all of them is known when there are all.
 *
 * @throws StartError `input.invalid`, `schema.tooCostly`
 */
export function checkItem({ input: schema = {} }: Graph, item: Json): void {
  const items = itemSchema(schema);
  if (items === undefined) return;
  const { $schema, $id, $defs, definitions } = schema;
  const kept = Object.entries({ $schema, $id, $defs, definitions }).filter(([, value]) => value !== undefined);
  refuse(problemsOf({ ...Object.fromEntries(kept), properties: { items: { items } } }, { items: [item] }));
}

/**
 * Checks what the schema says about all items of a batch together. Each of them was checked when it came, and is not checked
 * again: what one item may cost is not enough for a thousand.
 *
 * @throws StartError `input.invalid`, `schema.tooCostly`
 */
export function checkItems({ input: schema }: Graph, input: { readonly items: Json[] }): void {
  if (schema === undefined) return;
  const problems = problemsOf(withoutItems(schema), input);
  // Something else in the schema refers to what it says about an item.
  const isUnusable = problems[0]?.code === 'bad-schema';
  refuse(isUnusable ? problemsOf(schema, input) : problems);
}

/** What a schema says about each item of `items`; undefined if that depends on more than the item. */
function itemSchema(schema: JsonSchema): Json | undefined {
  const list = (schema.properties as { items?: JsonObject } | undefined)?.items;
  return list?.prefixItems === undefined ? list?.items : undefined;
}

function withoutItems(schema: JsonSchema): JsonSchema {
  const properties = schema.properties as { items: JsonObject };
  // `unevaluatedItems` means those about which nothing else is said.
  if (itemSchema(schema) === undefined || properties.items.unevaluatedItems !== undefined) return schema;
  const { items: _items, ...list } = properties.items;
  return { ...schema, properties: { ...properties, items: list } };
}
