import { describe, expect, it } from 'vitest';
import type { Json, JsonSchema } from '../../json.ts';
import { RE2 } from '../../schemas/keywords.ts';
import { checkValue } from './check-value.ts';

const way = (by: string, field: string): JsonSchema => ({
  type: 'object',
  properties: { by: { const: by }, [field]: { type: 'string' } },
  required: ['by', field],
  additionalProperties: false,
});
const PAGES: JsonSchema = { oneOf: [way('cursor', 'cursor'), way('page', 'parameter')] };

describe('a map that may have one of several forms', () => {
  const said = (value: Json) =>
    checkValue(value, PAGES, '/p', 'with.p').map(({ path, message }) => `${path}: ${message}`);

  it('is checked against the form it names', () => {
    expect(said({ by: 'cursor', cursor: 'next' })).toEqual([]);
    expect(said({ by: 'cursor' })).toEqual(['/p/cursor: `with.p.cursor` is missing.']);
  });

  it('gets a list of the forms, if it names an unknown form or none', () => {
    expect(said({ by: 'curser', cursor: 'next' })).toEqual([
      '/p/by: `with.p.by` is "curser"; it can be `cursor`, `page`. Did you mean `cursor`?',
    ]);
    expect(said({ cursor: 'next' })).toEqual(['/p/by: `with.p.by` is missing.']);
    expect(said('next')).toEqual(['/p: `with.p` is "next"; it takes a map.']);
  });

  it('passes where an expression chooses the form', () => {
    expect(said({ by: '${{ vars.by }}', cursor: 'next' })).toEqual([]);
  });
});

describe('a text that is a regular expression', () => {
  const said = (value: Json) =>
    checkValue(value, { type: 'string', format: RE2 }, '/p', 'with.p').map(
      ({ path, message }) => `${path}: ${message}`,
    );

  it('is one of RE2, and not too large', () => {
    expect(said('^INV-[0-9]+$')).toEqual([]);
    expect(said('(a')).toEqual([expect.stringMatching(/^\/p: `with\.p`: Not a regular expression of RE2/)]);
    expect(said('(?=a)')).toEqual([expect.stringContaining('no look-around')]);
    expect(said('(?:\\pL{1,100}){1,100}')).toEqual([expect.stringContaining('The pattern is too large')]);
  });

  it('passes where an expression makes it', () => {
    expect(said('${{ vars.pattern }}')).toEqual([]);
    expect(said('^${{ vars.prefix }}(')).toEqual([]);
  });
});
