import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import type { Json, JsonSchema } from '../../json.ts';
import { checkAgainst } from './index.ts';

const scalar = fc.constantFrom<Json>(null, true, 0, 1, 2, 1.5, '', 'a', 'ab', 'b1');
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const count = fc.nat(3);
const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
const type = fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'string', 'integer');
const { schema } = fc.letrec<{ schema: JsonSchema | boolean }>((tie) => {
  const one = tie('schema');
  // Without `contains`: beside `prefixItems`, ajv takes it to hold for an empty list.
  const some = fc.array(one, { minLength: 1, maxLength: 3 });
  const byName = fc.dictionary(fc.constantFrom('a', 'b', 'c'), one, { maxKeys: 2, noNullPrototype: true });
  const keywords = {
    ...{ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })), const: value },
    ...{ enum: fc.array(value, { minLength: 1, maxLength: 3 }), minimum: count, exclusiveMaximum: count },
    ...{ multipleOf: fc.constantFrom(1, 0.5, 2), minLength: count, maxLength: count },
    ...{ pattern: fc.constantFrom('^a', 'b$', '[0-9]'), minItems: count, maxItems: count, uniqueItems: fc.boolean() },
    ...{ required: names, minProperties: count, maxProperties: count, properties: byName },
    ...{ additionalProperties: one, propertyNames: one, patternProperties: fc.record({ '^[ab]': one }) },
    ...{ prefixItems: some, items: one, dependentSchemas: byName },
    ...{
      dependentRequired: fc.dictionary(fc.constantFrom('a', 'b'), names, { noNullPrototype: true }),
      unevaluatedProperties: one,
    },
    ...{ allOf: some, anyOf: some, oneOf: some, not: one, if: one, then: one, else: one },
  };
  // Few keywords at a time: with all of them, a schema would grow without end.
  const each = Object.entries(keywords).map(([keyword, given]) =>
    fc.record({ [keyword]: given as fc.Arbitrary<unknown> }),
  );
  const few = fc
    .array(fc.oneof(...each), { maxLength: 3 })
    .map((parts): JsonSchema => withClause(Object.assign({}, ...parts)));
  return { schema: fc.oneof({ maxDepth: 3, depthSize: 'small', withCrossShrink: true }, fc.boolean(), few) };
});

const newAjv = () =>
  addFormats.default(new Ajv2020({ strict: false, validateSchema: false, ownProperties: true, logger: false }));

/**
 * Ajv passes over an `if` behind which nothing is tested. The standard counts what such an `if` has evaluated
 * (JSON Schema 2020-12 core, 10.2.2.1), and so does Blok: something is tested behind each `if` here.
 */
function withClause(given: Exclude<JsonSchema, boolean>): JsonSchema {
  return Object.hasOwn(given, 'if') ? { ...given, then: { allOf: [given.then ?? true], minLength: 0 } } : given;
}

/** Ajv counts what an `if` that fails has evaluated, and so finds too little. A schema that fails has evaluated nothing. */
const FORGIVES = ['"if"', '"unevaluatedProperties"'];

describe('checks against random schemas', { timeout: 60_000 }, () => {
  it('find what ajv finds', () => {
    const property = fc.property(schema, fc.array(value, { minLength: 1, maxLength: 4 }), (given, values) => {
      const whole = { allOf: [given] };
      const validate = newAjv().compile(whole);
      const mayForgive = FORGIVES.every((keyword) => JSON.stringify(given).includes(keyword));
      for (const each of values) {
        const [ours, ajvs] = [checkAgainst(whole, each).length === 0, validate(each)];
        if (!(mayForgive && ajvs)) expect(ours).toBe(ajvs);
      }
    });
    fc.assert(property, { seed: inject('seed'), numRuns: 1_000 });
  });

  it('count nothing that an `if` has evaluated which fails', () => {
    const only = { if: { additionalProperties: false }, then: { minLength: 0 }, unevaluatedProperties: false };
    expect(checkAgainst(only, {})).toEqual([]);
    expect(checkAgainst(only, { a: 1 })).not.toEqual([]);
  });

  it('count what an `if` has evaluated, also one behind which nothing is tested', () => {
    const only = { if: { additionalProperties: true }, unevaluatedProperties: false };
    expect(checkAgainst(only, { a: 1 })).toEqual([]);
    expect(checkAgainst({ unevaluatedProperties: false }, { a: 1 })).not.toEqual([]);
  });

  it.each([
    ['date', '2024-02-29 2023-02-29 2023-13-01 2023-1-1 20230101'],
    ['time', '10:00:00Z 23:59:60Z 22:59:60-01:00 10:00:60Z 24:00:00Z 10:00:00 10:00:00.5+01:00 10:00:00+0100'],
    ['date-time', '2024-02-29T10:00:00Z 2024-02-30T10:00:00Z 2024-02-29t10:00:00z 2024-02-29_10:00:00Z'],
    ['duration', 'P1Y P P1YT PT1H P1W P1W1D P-1Y'],
    ['email', 'a@b.example a@b a.b+c@d.e.example .a@b.example a..b@c.example a@-b.example'],
    ['hostname', 'a a.b a-b.example -a a..b a_b'],
    ['ipv4', '1.2.3.4 256.1.1.1 01.2.3.4 1.2.3'],
    ['ipv6', '::1 1::2::3 1:2:3:4:5:6:7:8 ::ffff:1.2.3.4 1:2:3:4:5:6:7 12345::1 :: 1:2:3:4:5:6:7::'],
    ['uri', 'http://a.example/b?c#d urn:x:y /a a http://[::1]:80/ http://[::1 http://a/%zz mailto:a@b'],
    ['uri-reference', 'a /a?b#c //a/b ../a a:b #a#b \\'],
    ['uri-template', '/a/{b} /a/{b /a/{b,c*}{?d:3} /{}'],
    [
      'url',
      'http://a.example http://localhost http://10.0.0.1 ftp://a.b.example:8080/x https://u:p@a.example?b http://8.8.8.8',
    ],
    ['uuid', '2eb8aa08-aa98-11ea-b4aa-73b441d16380 urn:uuid:2eb8aa08-aa98-11ea-b4aa-73b441d16380 2eb8aa08'],
    ['json-pointer', '/a/~0/b a /~2 /a/'],
    ['relative-json-pointer', '0 1/a 01 0# /a 1#/a'],
    ['json-pointer-uri-fragment', '# #/a #a #/%zz'],
    ['byte', 'YQ== YWI= YWJj YQ= a'],
  ])('the format %s accepts what ajv accepts', (format, texts) => {
    const validate = newAjv().compile({ format });
    for (const text of ['', ...texts.split(' ')])
      expect([text, checkAgainst({ format }, text).length === 0]).toEqual([text, validate(text)]);
  });
});
