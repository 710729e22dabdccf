import { describe, expect, it } from 'vitest';
import { schemaProblem } from '../../schemas/check/index.ts';
import { checkJsonSchema } from './check-json-schema.ts';

const problems = (schema: unknown) => checkJsonSchema(schema, '/input').map(({ path }) => path);

describe('a JSON Schema of an author', () => {
  it.each([
    [{ type: 'text' }, '/input/type'],
    [{ type: [] }, '/input/type'],
    [{ type: 'object', properties: { a: { minimum: '1' } } }, '/input/properties/a/minimum'],
    [{ type: 'array', items: [{ type: 'string' }] }, '/input/items'],
    [{ type: 'array', uniqueItems: 'yes' }, '/input/uniqueItems'],
    [{ type: 'array', minContains: -1 }, '/input/minContains'],
    [{ type: 'number', multipleOf: 0 }, '/input/multipleOf'],
    [{ type: 'object', required: [1] }, '/input/required'],
    [{ type: 'object', dependentRequired: { a: 'b' } }, '/input/dependentRequired'],
    [{ type: 'object', $dynamicRef: 1 }, '/input/$dynamicRef'],
    [{ type: 'object', $async: true }, '/input/$async'],
    [{ type: 'object', anyOf: [] }, '/input/anyOf'],
    [{ type: 'string', pattern: '(' }, '/input/pattern'],
  ])('%j is refused at its place', (schema, path) => {
    expect(problems(schema)).toEqual([path]);
  });

  it.each([
    { type: ['string', 'null'], format: 'date-time' },
    { type: 'object', properties: { a: true }, required: ['a'], dependentRequired: { a: ['b'] } },
    { $defs: { a: { type: 'string' } }, type: 'object', properties: { x: { $ref: '#/$defs/a' } } },
    { type: 'array', prefixItems: [{ type: 'string' }], items: false, uniqueItems: true, maxContains: 2 },
    { type: 'number', multipleOf: 0.5, exclusiveMinimum: 0 },
    { type: 'object', unevaluatedProperties: false, allOf: [{ properties: { a: {} } }] },
  ])('%j is fine, and can be compiled', (schema) => {
    expect(problems(schema)).toEqual([]);
    expect(schemaProblem(schema as never)).toBeNull();
  });
});
