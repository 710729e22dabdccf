import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../json.ts';
import { leaveOut } from './left-out.ts';

const text: JsonSchema = { type: 'string' };
const schema: JsonSchema = {
  type: 'object',
  properties: {
    to: { anyOf: [text, { type: 'array', items: text }] },
    cc: text,
    maybe: { type: ['string', 'null'] },
    any: {},
    deep: { anyOf: [text, { type: 'object', properties: { a: text, b: { type: 'null' } } }] },
    list: { type: 'array', items: { $ref: '#/$defs/entry' } },
    headers: { type: 'object', additionalProperties: text },
  },
  required: ['to'],
  additionalProperties: false,
  $defs: { entry: { type: 'object', properties: { a: text } } },
};

describe('leaveOut', () => {
  it('leaves out fields that are null although their schema does not allow null', () => {
    const value = {
      to: null,
      cc: null,
      maybe: null,
      any: null,
      deep: { a: null, b: null },
      list: [{ a: null }, null],
      headers: { x: null, y: '1' },
    };
    expect(leaveOut(value, schema)).toEqual({
      maybe: null,
      any: null,
      deep: { b: null },
      list: [{}, null],
      headers: { y: '1' },
    });
  });

  it('keeps unknown fields and undecidable ones, and copies nothing without need', () => {
    const value = { to: ['a'], any: { x: null }, odd: null };
    expect(leaveOut(value, schema)).toBe(value);
    expect(leaveOut(null, schema)).toBeNull();
  });

  it('follows a schema that contains itself no further than the value', () => {
    const tree: JsonSchema = { type: 'object', properties: { next: { $ref: '#' }, id: text } };
    expect(leaveOut({ next: { next: { id: null } } }, tree)).toEqual({ next: { next: {} } });
  });
});
