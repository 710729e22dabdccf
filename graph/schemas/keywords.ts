/** Keywords of JSON Schema that hold schemas, and a format of ours. */

/** Format of a text that is a regular expression of RE2: the validator tries a pattern that is written out. */
export const RE2 = 're2';

/** Each holds one schema. */
export const PARTS: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
  'unevaluatedItems',
]);
/** Each holds a list of schemas. */
export const PARTS_IN_LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
/** Each holds schemas by name. */
export const PARTS_IN_MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
