import { describe, expect, it } from 'vitest';
import { checkAgainst, schemaProblem } from './index.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('checkAgainst', () => {
  it('names the place and what is wrong', () => {
    const schema = object(
      { a: { type: 'array', items: { type: 'integer' } } },
      { required: ['a'], additionalProperties: false },
    );
    expect(checkAgainst(schema, { a: [1, 2] })).toEqual([]);
    expect(checkAgainst(schema, { a: [1, 'x'] })).toMatchObject([
      { code: 'schema-type', path: '/a/1', message: 'must be integer' },
    ]);
    expect(checkAgainst(schema, {})).toMatchObject([
      { code: 'schema-required', path: '', message: expect.stringContaining("'a'") },
    ]);
    expect(checkAgainst(schema, { a: [], b: 1 })[0]!.message).toContain('"b"');
  });

  it('keeps patterns of one schema apart', () => {
    const schema = object({ a: { pattern: '^a$' }, b: { pattern: '^b$' } });
    expect(checkAgainst(schema, { a: 'a', b: 'b' })).toEqual([]);
    expect(checkAgainst(schema, { a: 'b', b: 'b' })).toMatchObject([{ path: '/a' }]);
    expect(checkAgainst(schema, { a: 'a', b: 'a' })).toMatchObject([{ path: '/b' }]);
  });

  it('takes linear time for a pattern made to hang', () => {
    const begun = performance.now();
    expect(checkAgainst({ pattern: '^(a+)+$' }, `${'a'.repeat(100_000)}!`)).toHaveLength(1);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('knows formats, draft 2020-12 and references within the schema', () => {
    expect(checkAgainst({ format: 'date-time' }, 'yesterday')).toHaveLength(1);
    expect(checkAgainst({ prefixItems: [{ type: 'string' }], items: false }, ['a', 1])).toHaveLength(1);
    const tree = { $defs: { t: object({ kids: { type: 'array', items: { $ref: '#/$defs/t' } } }) }, $ref: '#/$defs/t' };
    expect(checkAgainst(tree, { kids: [{ kids: [{ kids: 1 }] }] })).toMatchObject([{ path: '/kids/0/kids/0/kids' }]);
  });

  it('keeps schemas with the same $id apart', () => {
    expect(checkAgainst({ $id: 'https://x.example/s', type: 'string' }, 'a')).toEqual([]);
    expect(checkAgainst({ $id: 'https://x.example/s', type: 'number' }, 'a')).toHaveLength(1);
  });

  it('reads own properties only', () => {
    expect(checkAgainst({ type: 'object', required: ['toString'] }, {})).toHaveLength(1);
    expect(checkAgainst({ type: 'object', additionalProperties: false }, JSON.parse('{"__proto__": 1}'))).toHaveLength(
      1,
    );
  });
});

describe('schemaProblem', () => {
  it('refuses schemas that cannot be checked: no value fits them', () => {
    expect(schemaProblem({ type: 'object' })).toBeNull();
    expect(schemaProblem({ properties: { a: { pattern: '(?=x)' } } })).toMatchObject({
      code: 'bad-schema',
      path: '/properties/a',
    });
    expect(schemaProblem({ $ref: 'https://elsewhere.example/schema' })).toMatchObject({
      path: '/$ref',
      message: expect.stringContaining('elsewhere'),
    });
    expect(schemaProblem({ items: { required: 'a' } })).toMatchObject({ path: '/items/required' });
    expect(checkAgainst({ pattern: '(?<!x)y' }, 'y')).toMatchObject([{ code: 'bad-schema' }]);
  });
});
