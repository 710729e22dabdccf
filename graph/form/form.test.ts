import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../json.ts';
import { type Entries, formOf, initialEntries, readForm, unsupportedIn } from './index.ts';

const schemaOf = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
});
/** What was sent for a form. */
const filled = (entries: Entries, files: Record<string, Json[]> = {}) => ({
  entries,
  files: new Map(Object.entries(files)),
  parseJson: (text: string): Json => {
    if (text === '{') throw new Error('The text is not JSON.');
    return JSON.parse(text) as Json;
  },
});
const readAs = (schema: JsonObject, entries: Record<string, string | string[]>, files: Record<string, Json[]> = {}) => {
  const given = new Map(Object.entries(entries).map(([name, text]) => [name, [text].flat()]));
  const { value, errors } = readForm(formOf(schema), schema, filled(given, files));
  return { value, errors: Object.fromEntries(errors) };
};

describe('a form', () => {
  it.each([
    [{ type: 'string' }, 'Ann', 'Ann'],
    [{ type: ['string', 'null'] }, 'Ann', 'Ann'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, '7', 7],
    [{ type: 'number' }, ' 1.50 ', 1.5],
    [{ type: 'boolean' }, 'on', true],
    [{ enum: ['a', 2, true] }, '1', 2],
    [{ oneOf: [{ const: 'x', title: 'The X' }] }, '0', 'x'],
    [{ type: 'string', format: 'date' }, '2026-01-31', '2026-01-31'],
    [{ type: 'string', format: 'date-time' }, '2026-01-31T18:30', '2026-01-31T18:30:00Z'],
    [{ type: 'string', format: 'time' }, '18:30', '18:30:00Z'],
    [{ type: 'array', items: { type: 'string' } }, 'a\r\n\r\n b ', ['a', 'b']],
    [{ type: 'array', items: { type: 'number' } }, '1\n2.5', [1, 2.5]],
    [{ $ref: '#/$defs/size' }, '0', 'S'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{"a":1}', { a: 1 }],
  ] as [JsonObject, string, Json][])('reads %j', (schema, text, value) => {
    const whole = { ...schemaOf({ f: schema }, ['f']), $defs: { size: { enum: ['S', 'M'] } } };
    expect(readAs(whole, { '/f': text })).toEqual({ value: { f: value }, errors: {} });
  });

  it.each([
    [{ type: 'integer' }, '1.5', 'integer'],
    [{ type: 'number' }, 'many', 'Write a number'],
    [{ type: 'number' }, '9007199254740993', 'Write a number'],
    [{ type: 'number', maximum: 5 }, '6', 'Must be <= 5.'],
    [{ type: 'string', format: 'email' }, 'ann', 'Write an e-mail address'],
    [{ type: 'string', format: 'date' }, '31.1.2026', 'Write a date'],
    [{ type: 'string', minLength: 3 }, 'ab', '3 characters'],
    [{ type: 'string', pattern: '^A', description: 'It begins with A.' }, 'b', 'It begins with A.'],
    [{ type: 'string' }, '', 'Fill this in.'],
    [{ enum: ['a'] }, '', 'Choose one.'],
    [{ enum: ['a'] }, '7', 'Choose one.'],
    [{ type: 'boolean', const: true }, [], 'Tick this'],
    [{ type: 'object', format: 'file' }, '', 'Choose a file.'],
    [{ type: 'array', minItems: 1, items: { enum: ['a'] } }, [], 'fewer than 1'],
    [{ type: 'array', items: { type: 'number' } }, '1\nx', 'Line 2 is not a number.'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{', 'not JSON'],
  ] as [JsonObject, string | string[], string][])(
    'says what is wrong beside the field: %j, %j',
    (schema, text, error) => {
      expect(
        readAs(schemaOf({ f: schema, ok: { type: 'string' } }, ['f']), { '/f': text, '/ok': 'yes' }).errors,
      ).toEqual({
        '/f': expect.stringContaining(error),
      });
    },
  );

  it('reads groups, rows and files, leaves out what is blank, and tells all mistakes at once', () => {
    const address = schemaOf({ street: { type: 'string' }, 'a/b': { type: 'string' } }, ['street']);
    const schema = schemaOf(
      {
        address,
        billing: address,
        lines: {
          type: 'array',
          items: schemaOf({ what: { type: 'string' }, count: { type: 'integer' } }, ['what', 'count']),
        },
        scan: { type: 'object', format: 'file' },
        photos: { type: 'array', items: { type: 'object', format: 'file' } },
        note: { type: 'string' },
      },
      ['address', 'scan'],
    );
    const filled = {
      ...{ '/address/street': 'Road 1', '/address/a~1b': 'x', '/billing/street': '', '/note': '' },
      ...{
        '/lines#rows': '3',
        '/lines/0/what': 'pen',
        '/lines/0/count': '2',
        '/lines/2/what': 'ink',
        '/lines/2/count': '1',
      },
    };
    const file = { sha256: 'a'.repeat(64), size: 1 };
    expect(readAs(schema, filled, { '/scan': [file], '/photos': [file, file] })).toEqual({
      value: {
        address: { street: 'Road 1', 'a/b': 'x' },
        lines: [
          { what: 'pen', count: 2 },
          { what: 'ink', count: 1 },
        ],
        scan: file,
        photos: [file, file],
      },
      errors: {},
    });
    const { errors } = readAs(schema, { ...filled, '/address/street': '', '/lines/2/count': 'one' });
    expect(Object.keys(errors).toSorted()).toEqual(['/address/street', '/lines/2/count', '/scan']);
  });

  it('drops nothing that stands in a group or a row, also if it cannot be read and all else there is blank', () => {
    const one = schemaOf({ count: { type: 'integer' }, need: { type: 'string' } }, ['need']);
    const schema = schemaOf({ box: one, lines: { type: 'array', items: one }, deep: schemaOf({ box: one }) });
    const errorsOf = (entries: Record<string, string>) => Object.keys(readAs(schema, entries).errors).toSorted();
    expect(errorsOf({ '/box/count': 'many' })).toEqual(['/box/count', '/box/need']);
    expect(errorsOf({ '/lines#rows': '2', '/lines/1/count': 'many' })).toEqual(['/lines/1/count', '/lines/1/need']);
    expect(errorsOf({ '/deep/box/count': 'many' })).toEqual(['/deep/box/count', '/deep/box/need']);
    expect(errorsOf({ '/box/count': ' ', '/lines#rows': '1' })).toEqual([]);
  });

  it('shows defaults, which read back as they are', () => {
    const schema = schemaOf({
      name: { type: 'string', default: 'Ann' },
      at: { type: 'string', format: 'date-time', default: '2026-01-31T18:30:00Z' },
      agree: { type: 'boolean', default: true },
      size: { enum: ['S', 'M'], default: 'M' },
      tags: { type: 'array', items: { enum: ['a', 'b'] }, default: ['b'] },
      lines: { type: 'array', items: { type: 'number' }, default: [1, 2] },
      rows: { type: 'array', items: schemaOf({ n: { type: 'number' } }), default: [{ n: 1 }, { n: 2 }] },
      address: { ...schemaOf({ city: { type: 'string' } }), default: { city: 'Bern' } },
    });
    const form = formOf(schema);
    expect(readForm(form, schema, filled(initialEntries(form))).value).toEqual({
      ...{ name: 'Ann', at: '2026-01-31T18:30:00Z', agree: true, size: 'M', tags: ['b'], lines: [1, 2] },
      ...{ rows: [{ n: 1 }, { n: 2 }], address: { city: 'Bern' } },
    });
  });

  it('asks as JSON for what no field fits, also for a schema that refers to itself, and for too many fields', () => {
    const node = { type: 'object', properties: { child: { $ref: '#/$defs/node' } } };
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, { type: 'string' }]));
    for (const one of [{ $ref: '#/$defs/node' }, schemaOf(many), { not: {} }, {}, { type: ['string', 'number'] }])
      expect(unsupportedIn(formOf({ ...schemaOf({ f: one as JsonObject }), $defs: { node } }))).toHaveLength(1);
    expect(unsupportedIn(formOf(undefined))).toEqual([]);
  });

  it('has a bounded number of fields, however often a schema refers to itself', () => {
    const properties = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, { $ref: '#/$defs/node' }]));
    const list = { type: 'array', items: { $ref: '#/$defs/node' } };
    const form = formOf({ ...schemaOf({ ...properties, list }), $defs: { node: schemaOf({ ...properties, list }) } });
    expect(unsupportedIn(form).length).toBeLessThan(2_000);
    const entries = new Map([['/list#rows', ['1000000']]]);
    expect(() => readForm(form, undefined, filled(entries))).not.toThrow();
  });

  it('of a value that is no object is one field', () => {
    expect(readAs({ type: 'number' }, { '': '7' })).toEqual({ value: 7, errors: {} });
  });

  it('keeps no name from the prototype of objects', () => {
    const schema = schemaOf({ constructor: { type: 'string' }, ['__proto__']: { type: 'string' } });
    expect(JSON.stringify(readAs(schema, { '/constructor': 'a', '/__proto__': 'b' }).value)).toBe(
      '{"constructor":"a","__proto__":"b"}',
    );
  });
});
