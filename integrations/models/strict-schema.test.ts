import { describe, expect, it } from 'vitest';
import { withoutFiller } from './filler.ts';
import { strictSchema } from './strict-schema.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('the schema of a strict mode', () => {
  it('requires every property, and lets those be null that may be missing', () => {
    const schema = object(
      { a: { type: 'string', maxLength: 5 }, b: { type: 'integer', minimum: 1 } },
      { required: ['a'] },
    );
    expect(strictSchema(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
      required: ['a', 'b'],
      additionalProperties: false,
    });
  });

  it('keeps descriptions, constants, unions, lists and references', () => {
    const schema = object(
      {
        kind: { const: 'x', description: 'Kind.' },
        tree: { $ref: '#/$defs/tree' },
        list: { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'null' }] }, minItems: 1 },
      },
      {
        required: ['kind', 'tree', 'list'],
        $defs: { tree: object({ left: { $ref: '#/$defs/tree' } }) },
      },
    );
    expect(strictSchema(schema)).toMatchObject({
      properties: {
        kind: { enum: ['x'], description: 'Kind.' },
        list: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      },
      $defs: { tree: { additionalProperties: false, required: ['left'] } },
    });
  });

  it.each<[string, object]>([
    ['a list at the root', { type: 'array', items: { type: 'string' } }],
    ['a union at the root', { anyOf: [object({ a: { type: 'string' } })] }],
    ['an object of any fields', object({ a: { type: 'object' } })],
    ['further properties', object({ a: { type: 'string' } }, { additionalProperties: true })],
    ['a property that may be anything', object({ a: {} })],
    ['a list of anything', object({ a: { type: 'array' } })],
    ['allOf', object({ a: { allOf: [{ type: 'string' }] } })],
    ['true', object({ a: true })],
    ['more words than fit', object({ a: { enum: Array.from({ length: 1_001 }, (_, i) => `w${i}`) } })],
    [
      'more levels than fit',
      Array.from({ length: 12 }).reduce<object>((inner) => object({ a: inner }), { type: 'string' }),
    ],
  ])('does not exist for %s', (_, schema) => {
    expect(strictSchema(schema as never)).toBeNull();
  });
});

it('takes nulls out of an answer that stand for missing properties, and no others', () => {
  const schema = object(
    {
      a: { type: 'string' },
      b: { type: ['string', 'null'] },
      list: { type: 'array', items: object({ c: { type: 'integer' } }) },
    },
    { required: ['r'] },
  );
  expect(withoutFiller({ a: null, b: null, r: null, list: [{ c: null, d: null }] }, schema)).toEqual({
    b: null,
    r: null,
    list: [{ d: null }],
  });
});
