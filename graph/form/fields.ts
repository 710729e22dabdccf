import type { Json, JsonObject, JsonSchema } from '../json.ts';
import { escapeSegment } from '../pointer.ts';
import type { Facts, Field, Option, TextInput } from './field.ts';

/** Deepest nesting of fields. Schemas may refer to themselves. */
const MAX_DEPTH = 6;
/** Most fields of one object, and most values of one choice. */
const MAX_FIELDS = 200;
const MAX_OPTIONS = 1_000;
/** Most fields of a form, because schemas may refer to themselves many times. */
const MAX_ALL = 1_000;
/** Texts that may be longer than this get more than one line. */
const LONG_TEXT = 200;

type Schema = JsonObject;

/** The form of a schema: a group of fields, or one field if the value is no object. */
export function formOf(schema: JsonSchema | undefined): Field {
  const root = isSchema(schema) ? schema : { type: 'object' };
  const facts = { name: '', label: 'Input', required: true, depth: 0, budget: { left: MAX_ALL } };
  return fieldOf(root.type === undefined && root.$ref === undefined ? { type: 'object', ...root } : root, facts, root);
}

/** What in a form is asked for as JSON, because no field fits. */
export function unsupportedIn(field: Field): Field[] {
  if (field.unsupported !== undefined) return [field];
  if (field.kind === 'group') return field.fields.flatMap(unsupportedIn);
  return field.kind === 'rows' ? unsupportedIn(field.row(0)) : [];
}

interface Place {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly depth: number;
  /** How many fields the form may still have. */
  readonly budget: { left: number };
  /** It is in a list of objects. */
  readonly inRow?: boolean;
}

function fieldOf(given: Schema, place: Place, root: Schema): Field {
  const schema = plain(given, root);
  const facts: Facts = {
    name: place.name,
    label: textAt(schema, 'title') ?? place.label,
    help: textAt(schema, 'description'),
    required: place.required,
    schema: alone(given, root),
    initial: schema.default,
  };
  const json = (unsupported: string): Field => ({ ...facts, kind: 'json', unsupported });
  if (--place.budget.left < 0) return json(`the form has more than ${MAX_ALL} fields`);
  if (place.depth > MAX_DEPTH) return json(`it is nested deeper than ${MAX_DEPTH} levels`);
  const options = optionsOf(schema);
  if (options)
    return options.length > MAX_OPTIONS ? json('it has too many values') : { ...facts, kind: 'choice', options };
  for (const word of ['oneOf', 'anyOf', 'allOf', 'not', 'if', '$ref']) {
    if (schema[word] !== undefined) return json(`it uses \`${word}\``);
  }
  if (schema.format === 'file') return { ...facts, kind: 'file', many: false };
  switch (schema.type) {
    case 'string':
      return { ...facts, kind: 'text', input: inputOf(schema) };
    case 'number':
    case 'integer':
      return { ...facts, kind: 'number' };
    case 'boolean':
      return { ...facts, kind: 'boolean' };
    case 'array':
      return listOf(schema, { facts, place, root }) ?? json('its items are not one kind of value');
    case 'object':
      return groupOf(schema, { facts, place, root }) ?? json('its fields are not listed in `properties`');
    default:
      return json('it has no single `type`');
  }
}

interface Within {
  readonly facts: Facts;
  readonly place: Place;
  readonly root: Schema;
}

function groupOf(schema: Schema, { facts, place, root }: Within): Field | null {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const isOpen = schema.patternProperties !== undefined || isSchema(schema.additionalProperties);
  if (isOpen || properties.length > MAX_FIELDS || (properties.length === 0 && place.depth > 0)) return null;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = properties.map(([name, one]) =>
    fieldOf(
      isSchema(one) ? one : {},
      {
        ...place,
        name: `${place.name}/${escapeSegment(name)}`,
        label: name,
        required: required.includes(name),
        depth: place.depth + 1,
      },
      root,
    ),
  );
  return { ...facts, kind: 'group', fields };
}

function listOf(schema: Schema, { facts, place, root }: Within): Field | null {
  if (!isSchema(schema.items) || schema.prefixItems !== undefined) return null;
  const { items } = schema;
  // A list of objects within another would have any number of fields.
  if (place.inRow && plain(items, root).type === 'object') return null;
  const made = (index: number, budget: Place['budget']): Field => {
    const at = { name: `${place.name}/${index}`, label: `${facts.label} ${index + 1}` };
    return fieldOf(items, { ...at, required: true, depth: place.depth + 1, budget, inRow: true }, root);
  };
  const item = made(0, place.budget);
  if (item.kind === 'choice') return { ...facts, kind: 'choices', options: item.options };
  if (item.kind === 'text' || item.kind === 'number')
    return { ...facts, kind: 'lines', numbers: item.kind === 'number' };
  if (item.kind === 'file') return { ...facts, kind: 'file', many: true };
  if (item.kind !== 'group') return null;
  return { ...facts, kind: 'rows', row: (index) => (index === 0 ? item : made(index, { left: MAX_ALL })) };
}

/** A part of a schema with the definitions that it may refer to. */
function alone(part: Schema, { $defs, definitions }: Schema): Schema {
  return { ...part, ...($defs === undefined ? {} : { $defs }), ...(definitions === undefined ? {} : { definitions }) };
}

/** Values to choose from: an `enum`, or a `oneOf` or `anyOf` of constants with titles. */
function optionsOf(schema: Schema): Option[] | null {
  const option = (value: Json, label?: string | null): Option => ({
    value,
    label: label ?? (typeof value === 'string' ? value : JSON.stringify(value)),
  });
  if (Array.isArray(schema.enum)) return schema.enum.filter((value) => value !== null).map((value) => option(value));
  const parts = schema.oneOf ?? schema.anyOf;
  if (!Array.isArray(parts) || parts.length === 0) return null;
  const constants = parts.filter((part): part is Schema => isSchema(part) && part.const !== undefined);
  if (constants.length < parts.length) return null;
  return constants.map((part) => option(part.const!, textAt(part, 'title')));
}

/** A schema without what only says that the value may be null, and with a reference of its own document followed. */
function plain(schema: Schema, root: Schema): Schema {
  const target = typeof schema.$ref === 'string' ? definition(schema.$ref, root) : null;
  const { $ref: _, ...rest } = schema;
  const one = target ? { ...target, ...rest } : schema;
  if (Array.isArray(one.type)) {
    const types = one.type.filter((type) => type !== 'null');
    return types.length === 1 ? { ...one, type: types[0]! } : one;
  }
  const parts = one.anyOf ?? one.oneOf;
  if (!Array.isArray(parts)) return one;
  const others = parts.filter((part) => !(isSchema(part) && part.type === 'null'));
  if (others.length !== 1 || parts.length !== 2 || !isSchema(others[0])) return one;
  const { anyOf: _any, oneOf: _one, ...outer } = one;
  return { ...plain(others[0], root), ...outer };
}

function definition(ref: string, root: Schema): Schema | null {
  const [, place, name] = /^#\/(\$defs|definitions)\/([^/~%]+)$/.exec(ref) ?? [];
  const all = place === undefined ? undefined : root[place];
  const found = isSchema(all) && name !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
  return isSchema(found) ? found : null;
}

const INPUTS: Readonly<Record<string, TextInput>> = {
  email: 'email',
  uri: 'url',
  date: 'date',
  time: 'time',
  'date-time': 'datetime-local',
  multiline: 'area',
};

function inputOf({ format, maxLength }: Schema): TextInput {
  if (typeof format === 'string' && Object.hasOwn(INPUTS, format)) return INPUTS[format]!;
  return typeof maxLength === 'number' && maxLength > LONG_TEXT ? 'area' : 'text';
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textAt = (schema: Schema, word: string): string | null => {
  const given = schema[word];
  return typeof given === 'string' && given !== '' ? given : null;
};
