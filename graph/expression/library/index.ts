import { booleanMethods, convert, numberMethods } from './convert.ts';
import { encoding } from './encoding.ts';
import { extract } from './extract.ts';
import { hash } from './hash.ts';
import { listMethods } from './list.ts';
import { listCallbackMethods } from './list-callback.ts';
import { math } from './math.ts';
import { numberFormat } from './number-format.ts';
import { object } from './object.ts';
import { regex } from './regex.ts';
import { textMethods } from './text.ts';
import { date } from './time/date.ts';
import { duration } from './time/duration.ts';
import type { LibraryFunction, LibraryMethod } from './types.ts';
import { valueFunctions } from './values.ts';

export { constants } from './math.ts';
export type { LibraryFunction, LibraryMethod } from './types.ts';

/** One heading of docs/expressions.md, and the functions under it. */
export interface LibrarySection {
  readonly title: string;
  /** The kind of value that the methods are called on; absent for functions called by name. */
  readonly on?: 'text' | 'list' | 'number' | 'boolean';
  readonly entries: Readonly<Record<string, LibraryFunction | LibraryMethod<never>>>;
}

/** The whole library, in the order of the documentation. */
export const library: readonly LibrarySection[] = [
  { title: 'Texts', on: 'text', entries: textMethods },
  { title: 'Lists', on: 'list', entries: { ...listCallbackMethods, ...listMethods } },
  { title: 'Objects and lists', entries: object },
  { title: 'Any value', entries: valueFunctions },
  { title: 'Numbers', on: 'number', entries: numberMethods },
  { title: 'Numbers as texts', entries: numberFormat },
  { title: 'True and false', on: 'boolean', entries: booleanMethods },
  { title: 'Conversions and JSON', entries: convert },
  { title: 'Mathematics', entries: math },
  { title: 'Times and durations', entries: { ...date, ...duration } },
  { title: 'Regular expressions', entries: regex },
  { title: 'What a text holds', entries: extract },
  { title: 'Encodings and hashes', entries: { ...encoding, ...hash } },
];

/** Maps, not objects, because a name such as `constructor` must find nothing. */
function collect<Entry>(on: LibrarySection['on']): ReadonlyMap<string, Entry> {
  return new Map(
    library
      .filter((section) => section.on === on)
      .flatMap((section) => Object.entries(section.entries as Record<string, Entry>)),
  );
}

/** Functions called by name, as they are written. */
export const functions = collect<LibraryFunction>(undefined);

/** The name of a function in a plan. If its meaning has grown, it has a new name, so old plans keep the old one. */
export const nameInPlan = (name: string): string => (functions.get(name)?.before === undefined ? name : `${name}@2`);

/** The name in expressions for a name in a plan. */
export const nameInSource = (name: string): string => name.replace(/@\d+$/, '');

/** The implementations of functions, by their name in a plan. */
export const callable: ReadonlyMap<string, LibraryFunction['run']> = new Map(
  [...functions].flatMap(([name, { run, before }]) =>
    before === undefined
      ? [[name, run]]
      : [
          [name, before],
          [nameInPlan(name), run],
        ],
  ),
);

const methods = {
  text: collect<LibraryMethod<unknown>>('text'),
  list: collect<LibraryMethod<unknown>>('list'),
  number: collect<LibraryMethod<unknown>>('number'),
  boolean: collect<LibraryMethod<unknown>>('boolean'),
};

/** The method of that name for a value of this kind. Objects have none. */
export function methodOf(self: unknown, name: string): LibraryMethod<unknown> | undefined {
  switch (typeof self) {
    case 'string':
      return methods.text.get(name);
    case 'number':
      return methods.number.get(name);
    case 'boolean':
      return methods.boolean.get(name);
  }
  return Array.isArray(self) ? methods.list.get(name) : undefined;
}

/** All methods of that name, for any kind of value. The parser uses this, because it does not know the value yet. */
export function methodsNamed(name: string): readonly LibraryMethod<unknown>[] {
  return Object.values(methods).flatMap((table) => table.get(name) ?? []);
}
