import { freshRoom } from '../expression/fuel.ts';
import { NeedsData, Reference } from '../expression/reference.ts';
import { resolveInPlace } from '../expression/resolve.ts';
import type { Scope, Template } from '../expression/types.ts';
import { isObject, kindOf } from '../expression/values.ts';
import type { JsonSchema } from '../json.ts';
import { type DataInput, invalid } from './types.ts';

/** Schemas that the node types share. */
export const LIST: JsonSchema = { type: 'array' };
export const ANY: JsonSchema = {};

/** The template of a field in an object template, or undefined if the field is missing or written as null. */
export function fieldOf(template: Template | undefined, name: string): Template | undefined {
  const found = writtenField(template, name);
  return found?.[0] === 'v' && found[1] === null ? undefined : found;
}

function writtenField(template: Template | undefined, name: string): Template | undefined {
  if (template?.[0] === 'o') return template[1].find(([key]) => key === name)?.[1];
  if (template?.[0] !== 'v' || !isObject(template[1]) || !Object.hasOwn(template[1], name)) return undefined;
  return ['v', template[1][name]];
}

/** The fields of an object template, in order. */
export function fieldsOf(template: Template | undefined, what: string): readonly (readonly [string, Template])[] {
  if (template === undefined) return [];
  if (template[0] === 'o') return template[1];
  if (template[0] !== 'v' || !isObject(template[1])) return invalid(`${what} must be an object.`);
  return Object.entries(template[1]).map(([key, value]) => [key, ['v', value]]);
}

/** The entries of a list template, or undefined if the template is not a list. */
export function entriesOf(template: Template | undefined): readonly Template[] | undefined {
  if (template?.[0] === 'l') return template[1];
  return template?.[0] === 'v' && Array.isArray(template[1]) ? template[1].map((value) => ['v', value]) : undefined;
}

/** The value of a parameter that is read once; undefined if the parameter is missing. */
export function once({ with: params, scope, fuel }: DataInput, name: string): unknown {
  const template = fieldOf(params, name);
  return template === undefined ? undefined : resolveInPlace(template, scope, fuel, `with.${name}`);
}

/** As `once`, for a parameter that must be a list. @throws NeedsData if the list is held by reference */
export function onceList(input: DataInput, name: string): readonly unknown[] {
  return asList(once(input, name), `with.${name}`);
}

/** The value as a list; refused if it is not one. */
export function asList(value: unknown, what: string): readonly unknown[] {
  if (value instanceof Reference) throw new NeedsData([value]);
  return Array.isArray(value) ? value : invalid(`${what} must be a list, not ${kindOf(value)}.`);
}

/** One of several words; the first is the default. */
export function onceWord<Word extends string>(input: DataInput, name: string, words: readonly [Word, ...Word[]]): Word {
  const value = once(input, name) ?? words[0];
  const word = words.find((each) => each === value);
  return word ?? invalid(`with.${name} must be ${words.join(', ')}, not ${JSON.stringify(value)?.slice(0, 60)}.`);
}

/** Reads a template for one element at a time. */
export type PerElement = (item: unknown, index: number) => unknown;

/**
 * A reader of a per-element parameter. A constant is refused if it can only be a mistake: `key: email` would give all
 * elements the same key.
 */
export function perElement(
  { scope, fuel }: DataInput,
  template: Template,
  field: string,
  constantIs: 'fine' | 'a slip',
): PerElement {
  if (template[0] === 'v' && constantIs === 'a slip') {
    return invalid(`${field} is read for each element, but is constant. Write an expression, such as \${{ item.id }}.`);
  }
  const own: Record<string, unknown> & Scope = { ...scope };
  return (item, index) => {
    freshRoom(fuel);
    own.item = item;
    own.index = index;
    return resolveInPlace(template, own, fuel, field);
  };
}
