import { newFuel } from '../expression/fuel.ts';
import type { Fuel } from '../expression/types.ts';
import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { FUEL_PER_SCHEMA } from '../limits.ts';
import { unescapeSegment } from '../pointer.ts';
import type { Problem } from '../problems/problem.ts';
import { checkAgainst } from '../schemas/check/index.ts';
import { type Entries, type Field, rowsOf, type TextInput } from './field.ts';

/** Most rows of a list of objects. */
const MAX_ROWS = 100;

/** What a filled-in form says: the value, and by name of the field what is wrong with it. */
export interface Answers {
  readonly value: Json;
  readonly errors: ReadonlyMap<string, string>;
}

/** What was sent for a form. */
export interface FilledForm {
  readonly entries: Entries;
  /** Values of the fields for files, by name. */
  readonly files: ReadonlyMap<string, readonly Json[]>;
  /** Parses JSON of strangers. An error says to whoever filled in the form what is wrong. */
  readonly parseJson: (text: string) => Json;
}

/**
 * The value of a filled-in form. Each field is checked by itself, so that all mistakes are known, and then the whole by the
 * schema.
 *
 * @throws TooCostly
 */
export function readForm(form: Field, schema: JsonSchema | undefined, filled: FilledForm): Answers {
  const reader: Reader = { ...filled, errors: new Map(), fuel: newFuel(FUEL_PER_SCHEMA) };
  const value = read(reader, form) ?? {};
  if (reader.errors.size === 0 && schema !== undefined) {
    const [first] = checkAgainst(schema, value, reader.fuel);
    if (first) reader.errors.set(placeOf(form, first.path), first.message);
  }
  return { value, errors: reader.errors };
}

/** How many rows a list of objects shows. */
export function rowCount(entries: Entries, name: string): number {
  const given = Number(entries.get(rowsOf(name))?.[0] ?? 1);
  return Number.isInteger(given) ? Math.min(Math.max(given, 0), MAX_ROWS) : 1;
}

/** The name of the innermost field at a place of the value. */
export function placeOf(field: Field, path: string): string {
  if (field.kind !== 'group') return field.name;
  const inner = field.fields.find(({ name }) => path === name || path.startsWith(`${name}/`));
  return inner ? placeOf(inner, path) : field.name;
}

interface Reader extends FilledForm {
  readonly errors: Map<string, string>;
  readonly fuel: Fuel;
}

/** The value of a field; undefined if nothing is filled in. */
function read(reader: Reader, field: Field): Json | undefined {
  if (field.kind === 'group') return readGroup(reader, field);
  const value = field.kind === 'rows' ? readRows(reader, field) : readLeaf(reader, field);
  if (reader.errors.has(field.name)) return undefined;
  if (value === undefined) {
    if (field.required) reader.errors.set(field.name, NEEDED[field.kind] ?? 'Fill this in.');
    return undefined;
  }
  // A list of objects has fields of its own, which have been checked, and the whole is checked in the end.
  const [first] = field.kind === 'rows' ? [] : checkAgainst(field.schema, value, reader.fuel);
  if (first) reader.errors.set(field.name, said(field, first));
  return value;
}

const NEEDED: Partial<Record<Field['kind'], string>> = {
  choice: 'Choose one.',
  file: 'Choose a file.',
};

/** What is wrong with a value, in words for whoever fills in the form. */
function said(field: Field, { code, message }: Problem): string {
  if (code === 'schema-format' && field.kind === 'text') return FORMATS[field.input] ?? sentence(message);
  if (code === 'schema-const' && field.kind === 'boolean') return 'Tick this to go on.';
  if (code === 'schema-pattern')
    return `This does not have the right form.${field.help === null ? '' : ` ${field.help}`}`;
  return sentence(message);
}

const FORMATS: Partial<Record<TextInput, string>> = {
  email: 'Write an e-mail address, such as ada@example.org.',
  url: 'Write an address that begins with https://.',
  date: 'Write a date, such as 2026-01-31.',
  time: 'Write a time, such as 18:30.',
  'datetime-local': 'Write a date and a time, such as 2026-01-31T18:30.',
};

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

function readGroup(reader: Reader, field: Extract<Field, { kind: 'group' }>): JsonObject | undefined {
  const before = reader.errors.size;
  const given = field.fields.map((one) => [lastSegment(one.name), read(reader, one)] as const);
  const value = Object.fromEntries(given.filter((pair): pair is [string, Json] => pair[1] !== undefined));
  if (field.required || field.name === '' || !isBlank(value) || isFilledIn(reader, field)) return value;
  // Nothing was filled in: what such an object would need is not missing.
  for (const name of [...reader.errors.keys()].slice(before)) reader.errors.delete(name);
  return undefined;
}

/** Whether something stands in a field of a group, also if it has no value because it cannot be read. */
const isFilledIn = ({ entries }: Reader, { name: group }: Field): boolean =>
  [...entries].some(
    ([name, texts]) =>
      name.startsWith(`${group}/`) && !name.endsWith(rowsOf('')) && texts.some((text) => text.trim() !== ''),
  );

const isBlank = (value: Json): boolean =>
  value === false ||
  (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isBlank));

const lastSegment = (name: string): string => unescapeSegment(name.slice(name.lastIndexOf('/') + 1));

function readRows(reader: Reader, field: Extract<Field, { kind: 'rows' }>): Json[] | undefined {
  const rows: Json[] = [];
  for (let index = 0; index < rowCount(reader.entries, field.name); index++) {
    const row = field.row(index);
    const value = row.kind === 'group' ? readGroup(reader, { ...row, required: false }) : undefined;
    if (value !== undefined) rows.push(value);
  }
  return rows.length === 0 && !field.required ? undefined : rows;
}

function readLeaf(reader: Reader, field: Field): Json | undefined {
  const { entries, files, errors, parseJson } = reader;
  const all = entries.get(field.name) ?? [];
  const text = all[0] ?? '';
  const fail = (message: string): undefined => void errors.set(field.name, message);
  switch (field.kind) {
    case 'text':
      return text === '' ? undefined : withZone(text, field.input);
    case 'boolean':
      return all.length > 0;
    case 'number':
      return text.trim() === '' ? undefined : (numberOf(text) ?? fail('Write a number, such as 12 or 0.5.'));
    case 'choice':
      return text === '' ? undefined : (field.options[Number(text)]?.value ?? fail('Choose one.'));
    case 'choices': {
      const chosen = all.flatMap((one) => field.options[Number(one)] ?? []);
      return chosen.length === 0 && !field.required ? undefined : chosen.map(({ value }) => value);
    }
    case 'lines':
      return readLines(text, field, fail);
    case 'file': {
      const given = files.get(field.name) ?? [];
      return field.many ? (given.length === 0 && !field.required ? undefined : [...given]) : given[0];
    }
    default:
      return text.trim() === '' ? undefined : readJson(text, parseJson, fail);
  }
}

function readLines(
  text: string,
  { numbers, required }: Extract<Field, { kind: 'lines' }>,
  fail: (message: string) => undefined,
): Json[] | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return required ? [] : undefined;
  if (!numbers) return lines;
  const values = lines.map(numberOf);
  const wrong = values.indexOf(null);
  return wrong < 0 ? (values as number[]) : fail(`Line ${wrong + 1} is not a number.`);
}

function numberOf(text: string): number | null {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return null;
  const value = Number(trimmed);
  // A longer whole number would become another one.
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : null;
}

function readJson(
  text: string,
  parse: FilledForm['parseJson'],
  fail: (message: string) => undefined,
): Json | undefined {
  try {
    return parse(text);
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** A browser sends times without seconds and without a zone: they are UTC, as their label says. */
function withZone(text: string, input: string): string {
  if (input === 'datetime-local')
    return /T\d\d:\d\d$/.test(text) ? `${text}:00Z` : /T[\d:.]+$/.test(text) ? `${text}Z` : text;
  if (input === 'time') return /^\d\d:\d\d$/.test(text) ? `${text}:00Z` : /^[\d:.]+$/.test(text) ? `${text}Z` : text;
  return text;
}
