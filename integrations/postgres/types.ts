import { parseServiceJson } from '../../graph/exact-json.ts';
import { type Room, takeFrom } from '../../graph/json-extent.ts';
import { arrayLiteral, parseArray } from './arrays.ts';

/** How values of each type are converted between JSON and PostgreSQL's text format. */
interface Codec {
  readonly to: number;
  readonly from: number[];
  readonly serialize: (value: unknown) => string;
  readonly parse: (text: string) => unknown;
}

/** A type: its name, its number, the number of its array type, and its conversion to and from JSON. */
interface Type {
  readonly name: string;
  readonly oid: number;
  readonly array: number;
  readonly serialize?: (value: unknown) => string;
  readonly parse?: (text: string) => unknown;
  /** One text may hold any number of values. */
  readonly holds?: 'json';
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
const asJson = (value: unknown): string => JSON.stringify(value);

/** A number, or its text if JSON cannot hold the number (`NaN`, `Infinity`). */
const toNumber = (text: string): number | string => (Number.isFinite(Number(text)) ? Number(text) : text);

/** A number as long as it is exact, else its text. */
const toInteger = (text: string): number | string => (Number.isSafeInteger(Number(text)) ? Number(text) : text);

/** `2026-05-01 10:00:00.5+00` as ISO 8601. A text that is no such time (`infinity`, BC) stays as it is. */
const toIso = (text: string): string =>
  /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+00)?$/.test(text) ? text.replace(' ', 'T').replace('+00', 'Z') : text;

const fromBase64 = (value: unknown): string => `\\x${Buffer.from(String(value), 'base64').toString('hex')}`;
const toBase64 = (text: string): string => Buffer.from(text.slice(2), 'hex').toString('base64');

/** What parts of an array take, in units of JSON: no less than in JSON. An element is parsed by itself. */
const UNITS = { list: 8, element: 5 };

/** A result holds more values than can be worked with. */
export class TooManyValues extends Error {}

/** The numbers come from PostgreSQL's `pg_type.dat`; they never change. */
const TYPES: readonly Type[] = [
  { name: 'bool', oid: 16, array: 1000, parse: (text) => text === 't' },
  { name: 'bytea', oid: 17, array: 1001, serialize: fromBase64, parse: toBase64 },
  { name: 'int8', oid: 20, array: 1016, parse: toInteger },
  { name: 'int2', oid: 21, array: 1005, parse: toNumber },
  { name: 'int4', oid: 23, array: 1007, parse: toNumber },
  { name: 'text', oid: 25, array: 1009 },
  { name: 'oid', oid: 26, array: 1028, parse: toNumber },
  { name: 'json', oid: 114, array: 199, serialize: asJson, parse: parseServiceJson, holds: 'json' },
  { name: 'float4', oid: 700, array: 1021, parse: toNumber },
  { name: 'float8', oid: 701, array: 1022, parse: toNumber },
  { name: 'char', oid: 1042, array: 1014 },
  { name: 'varchar', oid: 1043, array: 1015 },
  { name: 'date', oid: 1082, array: 1182 },
  { name: 'time', oid: 1083, array: 1183 },
  { name: 'timestamp', oid: 1114, array: 1115, parse: toIso },
  { name: 'timestamptz', oid: 1184, array: 1185, parse: toIso },
  { name: 'interval', oid: 1186, array: 1187 },
  { name: 'numeric', oid: 1700, array: 1231 },
  { name: 'uuid', oid: 2950, array: 2951 },
  { name: 'jsonb', oid: 3802, array: 3807, serialize: asJson, parse: parseServiceJson, holds: 'json' },
];

/**
 * Codecs that replace the driver's own. The driver's codecs go through `Date`, which loses microseconds and reads times
 * without a zone in the machine's zone; they write an object as "[object Object]", and read NULL in an array as "NULL".
 *
 * They throw `TooManyValues` once JSON and arrays have more values together than fit into the room: one row may have millions.
 */
export function codecsWithin(room: Room): Readonly<Record<string, Codec>> {
  const bounded = (parse: (text: string) => unknown) => (text: string) => {
    if (!takeFrom(room, text)) throw new TooManyValues();
    return parse(text);
  };
  const count = (what: keyof typeof UNITS): void => {
    room.units -= UNITS[what];
    if (room.units < 0) throw new TooManyValues();
  };
  return Object.fromEntries(
    TYPES.flatMap(({ name, oid, array, serialize = asText, parse = (text: string) => text, holds }) => {
      const read = holds ? bounded(parse) : parse;
      return [
        [name, { to: oid, from: [oid], serialize, parse: read }],
        [
          `${name}[]`,
          {
            to: array,
            from: [array],
            serialize: (value: unknown) => arrayLiteral(value, serialize),
            parse: (text: string) => parseArray(text, read, count),
          },
        ],
      ];
    }),
  );
}

const NAMES = new Map(
  TYPES.flatMap(
    ({ name, oid, array }) =>
      [
        [oid, name],
        [array, `${name}[]`],
      ] as [number, string][],
  ),
);

/** The name of a type, for people. An unknown type is shown by its number. */
export const typeName = (oid: number): string => NAMES.get(oid) ?? `oid ${oid}`;
