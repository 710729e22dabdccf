/** Schemas and values made to keep a validator busy, to fill its memory, or to overflow its stack. */
import type { Json, JsonSchema } from '../../json.ts';

/** A schema, and a value to check against it. */
type Case = readonly [schema: JsonSchema, value: Json];

const list = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
const map = (size: number, make: (index: number) => unknown, name = 'k'): Record<string, Json> =>
  Object.fromEntries(list(size, (index) => [name + index, make(index) as Json]));
const nested = (depth: number, wrap: (inner: unknown) => unknown, start: unknown): Record<string, never> =>
  list(depth, () => 0).reduce<unknown>(wrap, start) as Record<string, never>;
const long = (part: string, length = 1_000_000): string => part.repeat(length / part.length);

/** Each definition refers twice to the next: 2^depth schemas for one value. */
const doubling = (depth: number): JsonSchema => {
  const twice = (index: number) => ({ allOf: list(2, () => ({ $ref: `#/$defs/d${index + 1}` })) });
  return { $ref: '#/$defs/d0', $defs: { ...map(depth, twice, 'd'), [`d${depth}`]: { type: 'object' } } };
};
const wide = map(1_000, (index) => index);

/** What may cost no more than a check may, whatever comes out. */
export const HOSTILE: Readonly<Record<string, Case>> = {
  'unique objects': [{ uniqueItems: true }, list(100_000, (i) => ({ i }))],
  'unique numbers': [{ uniqueItems: true }, list(150_000, (i) => i)],
  'unique and wide': [{ uniqueItems: true }, list(100, (i) => map(1_000, (j) => i + j))],
  'unique and deep': [{ uniqueItems: true }, list(1_000, () => nested(60, (inner) => [inner], 1))],
  'unique, a thousand times': [{ allOf: list(1_000, () => ({ uniqueItems: true })) }, list(1_000, (i) => i)],
  'a pattern of 14,000 instructions': [{ pattern: '(.*.*.*.*.*.*){1000}' }, long('a')],
  'a pattern of 482,000 instructions': [{ pattern: `(${'.?'.repeat(240)}){1000}` }, 'a'],
  'a pattern with many threads': [{ pattern: '(.*.*.*){30}' }, long('a')],
  'a pattern that reads far ahead': [{ pattern: '^.{0,900}b' }, long('a')],
  'many patterns': [{ allOf: list(9_000, (i) => ({ pattern: `x${i}` })) }, 'a'],
  'many classes of Unicode': [{ allOf: list(3_000, (i) => ({ pattern: `[\\PL\\PN\\PM]{3}${i}` })) }, 'a'],
  'patterns for names': [{ patternProperties: map(100, () => true, '^a.*') }, map(20_000, (i) => i)],
  'names with a pattern': [{ propertyNames: { pattern: '^k[0-9]+$' } }, map(80_000, () => 1)],
  'doubled references': [doubling(26), {}],
  'doubled references for each item': [{ items: doubling(12), $defs: doubling(12).$defs }, list(100_000, () => ({}))],
  'doubled references on the way down': [
    { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } },
    nested(60, (a) => ({ a }), 1),
  ],
  'a chain of references': [
    { $ref: '#/$defs/d0', $defs: { ...map(20_000, (i) => ({ $ref: `#/$defs/d${i + 1}` }), 'd'), d20000: {} } },
    1,
  ],
  'a reference to itself': [{ $ref: '#' }, 1],
  'references in a circle': [
    { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } } },
    1,
  ],
  'long pointers': [
    { allOf: list(3_000, () => ({ $ref: `#${'/a'.repeat(200)}` })), ...nested(202, (a) => ({ a }), true) },
    1,
  ],
  'many anchors': [
    { allOf: list(5_000, (i) => ({ $ref: `#a${i}` })), $defs: map(5_000, (i) => ({ $anchor: `a${i}` })) },
    1,
  ],
  'a value nested deep': [{ additionalProperties: { $ref: '#' } }, nested(50_000, (a) => ({ a }), 1)],
  'schemas nested deep': [nested(5_000, (not) => ({ not }), { type: 'string' }), 1],
  'not, forty deep, for each item': [
    { items: nested(40, (not) => ({ not }), { type: 'string' }) },
    list(50_000, () => 'x'),
  ],
  'alternatives for each item': [{ items: { anyOf: list(2_000, (i) => ({ const: i })) } }, list(2_000, () => 1_999)],
  'exactly one, for each item': [
    { items: { oneOf: list(50, (kind) => ({ properties: { kind: { const: kind } }, required: ['kind'] })) } },
    list(5_000, (i) => ({ kind: i % 50 })),
  ],
  'large constants': [{ items: { const: wide } }, list(1_000, () => ({ ...wide }))],
  'large enumerations': [{ items: { enum: list(50_000, (i) => ({ i })) } }, list(1_000, () => ({ i: -1 }))],
  'lists that contain': [
    { allOf: list(2_000, (i) => ({ contains: { const: `x${i}` }, minContains: 0, maxContains: 9 })) },
    list(2_000, (i) => i),
  ],
  'many required names': [{ items: { required: Object.keys(wide) } }, list(5_000, () => wide)],
  'many declared names': [{ items: { properties: map(20_000, () => true) } }, list(20_000, () => ({}))],
  dependencies: [{ items: { dependentRequired: map(1_000, () => ['k1']) } }, list(5_000, () => wide)],
  'unevaluated properties': [
    { items: { allOf: list(50, () => ({ additionalProperties: true })), unevaluatedProperties: false } },
    list(5_000, () => wide),
  ],
  'unevaluated properties, sixty deep': [
    nested(60, (inner) => ({ allOf: [inner], unevaluatedProperties: true }), { properties: map(1_000, () => true) }),
    wide,
  ],
  'unevaluated items': [
    { items: { allOf: list(50, () => ({ contains: true })), unevaluatedItems: false } },
    list(500, () => list(2_000, (i) => i)),
  ],
  'lengths of a long text': [{ allOf: list(2_000, () => ({ maxLength: 2_000_000 })) }, long('😀')],
  'sizes of a large object': [{ allOf: list(1_000, () => ({ minProperties: 1 })) }, map(100_000, () => 1)],
  'a large schema': [{ properties: map(15_000, () => ({ type: 'string', minLength: 1 })) }, {}],
  'many alternatives': [{ anyOf: list(15_000, (i) => ({ const: `c${i}` })) }, 'x'],
  'regular expressions as values': [{ items: { format: 'regex' } }, list(300, () => '(?:a{1000}){1000}'.repeat(200))],
};

/** Parts of which texts are made that look like a value of a format for a long time. */
export const HOSTILE_PARTS = 'a a. a: a@ http://a: 1 1. P1Y /a ~0 %41 {a} { ( - :: 0'
  .split(' ')
  .map((part) => long(part, 200_000));
