/** What the makers of rules have in common: how they read the value of a keyword, and reach other schemas. */
import type { JsonSchema } from '../../json.ts';
import type { At } from './at.ts';
import { Unusable } from './errors.ts';
import type { Ready, Rule } from './machine.ts';

/** Finds the schemas that a schema is made of. */
export interface Links {
  /** A schema within this one, for a part of the value. `path` is the way to it. */
  part(given: unknown, ...path: (string | number)[]): Ready;
  /** A schema within this one, for the same value. */
  inPlace(given: unknown, ...path: (string | number)[]): Ready;
  /** The schema that a reference leads to, for the same value. */
  reference(text: string, keyword: '$ref' | '$dynamicRef'): Ready;
  /** Takes note of a pattern; whether it can be used is found out when the graph is saved. */
  pattern(source: string): string;
  /** Takes fuel for the work of making a rule. */
  pay(units: number): void;
  readonly where: At;
}

/** Makes the rule of a keyword from the keyword's value, and from its neighbours in the same schema. */
export type Maker = (given: unknown, schema: JsonSchema, links: Links) => Rule;
export type Makers = Readonly<Record<string, Maker>>;

/** Schemas come from expressions, too, and have then not been checked with the graph. */
const refuse = (keyword: string, what: string, { where }: Links): never => {
  throw new Unusable(`\`${keyword}\` ${what}`, { above: where, key: keyword });
};

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function mapOf(given: unknown, keyword: string, links: Links): Readonly<Record<string, unknown>> {
  if (!isMap(given)) return refuse(keyword, 'must be a map', links);
  links.pay(2 * Object.keys(given).length);
  return given;
}

export function listOf(given: unknown, keyword: string, links: Links): readonly unknown[] {
  if (!Array.isArray(given)) return refuse(keyword, 'must be a list', links);
  links.pay(2 * given.length);
  return given;
}

export const textOf = (given: unknown, keyword: string, links: Links): string =>
  typeof given === 'string' ? given : refuse(keyword, 'must be a text', links);

export const numberOf = (given: unknown, keyword: string, links: Links): number =>
  typeof given === 'number' ? given : refuse(keyword, 'must be a number', links);

export const namesOf = (given: unknown, keyword: string, links: Links): readonly string[] => {
  const names = listOf(given, keyword, links);
  return names.every((name) => typeof name === 'string') ? names : refuse(keyword, 'must be a list of names', links);
};

/** The schemas in a map, by name. */
export const partsOf = (given: unknown, keyword: string, links: Links): readonly (readonly [string, Ready])[] =>
  Object.entries(mapOf(given, keyword, links)).map(([name, each]) => [name, links.part(each, keyword, name)]);

/** The schemas in a list, all for the same value. */
export const alternativesOf = (given: unknown, keyword: string, links: Links): readonly Ready[] =>
  listOf(given, keyword, links).map((each, index) => links.inPlace(each, keyword, index));
