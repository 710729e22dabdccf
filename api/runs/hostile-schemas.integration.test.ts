import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
const list = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
const run = (schema: object, input: unknown) =>
  api.post('/api/runs', { graph: graphOf('hostile', { input: schema }), input });

/** Each definition refers twice to the next. */
const doubling = (depth: number) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries([
    ...list(depth, (i) => [`d${i}`, { allOf: list(2, () => ({ $ref: `#/$defs/d${i + 1}` })) }]),
    [`d${depth}`, {}],
  ]),
});

describe('a run whose schema or input is made to keep the API busy', () => {
  it.each([
    ['long lists', { properties: { l: { uniqueItems: true } } }, { l: list(120_000, (i) => i) }],
    ['patterns', { properties: { s: { pattern: '(.*.*.*){30}' } } }, { s: 'a'.repeat(500_000) }],
    [
      'alternatives',
      { additionalProperties: { items: { anyOf: list(900, (i) => ({ const: i })) } } },
      { l: list(9_000, () => 899) },
    ],
  ])('%s: is refused in time', async (_name, schema, input) => {
    const begun = performance.now();
    const { status, body } = await run(schema, input);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'schema.tooCostly' });
    expect(body.detail).toMatch(/^input\/[ls].*maxItems/);
    // A hundred times less than before, on however busy a machine.
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it.each([
    ['doubled references', doubling(26), 'schema-too-costly'],
    ['a reference to itself', { $ref: '#' }, 'bad-schema'],
    ['a pattern with a large program', { pattern: '(.*.*.*.*.*.*){1000}' }, 'bad-schema'],
    ['$async', { $async: true, required: ['z'] }, 'bad-schema'],
    ['$async behind a reference', { $ref: '#/$defs/a', $defs: { a: { $async: true } } }, 'bad-schema'],
  ])('%s: is refused with the graph', async (_name, schema, code) => {
    const { status, body } = await run(schema, {});
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'graph.invalid' });
    expect(body.problems[0].code).toBe(code);
  });

  it('checks formats in linear time, and $async where no keyword stands promises nothing', async () => {
    const misfit = await run({ properties: { s: { format: 'url' } } }, { s: `http://${'a:'.repeat(100_000)}@\n` });
    expect(misfit.body).toMatchObject({ code: 'input.invalid', problems: [{ code: 'schema-format', path: '/s' }] });
    const hidden = { properties: { s: { $ref: '#/x-own/a' } }, 'x-own': { a: { $async: true, type: 'number' } } };
    expect((await run(hidden, { s: 'x' })).body).toMatchObject({ code: 'input.invalid', problems: [{ path: '/s' }] });
  });
});
