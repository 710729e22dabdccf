/** Makes a schema ready to be applied. */
import { charge } from '../../expression/fuel.ts';
import type { Fuel } from '../../expression/types.ts';
import type { JsonSchema } from '../../json.ts';
import { anyRules, typeRules } from './any-kind.ts';
import type { At } from './at.ts';
import { Unusable } from './errors.ts';
import { listRules, restOfList } from './lists.ts';
import { type Directory, directoryOf, type Located, locate, resourceOf } from './locate.ts';
import { misfit, type Ready, type Rule } from './machine.ts';
import { objectRules, restOfObject } from './objects.ts';
import { isMap, type Links, type Maker } from './rule-maker.ts';
import { numberRules, textRules } from './scalars.ts';

/** In this order rules are applied: what is cheap and protects the others is first, `unevaluated…` is last. */
const MAKERS: readonly (readonly [string, Maker])[] = [
  ...[typeRules, numberRules, textRules, anyRules, listRules, objectRules, restOfList, restOfObject].flatMap(
    Object.entries,
  ),
];
const RANKS: ReadonlyMap<string, number> = new Map(MAKERS.map(([keyword], rank) => [keyword, rank]));

/** Fuel for making a schema, a keyword and a reference ready (measured: 1.3, 0.3 and 1.6 µs). */
const SCHEMA = 18;
const KEYWORD = 4;
const REFERENCE = 25;

/** A whole schema, ready. */
export interface ReadySchema {
  readonly start: Ready;
  /** Every schema it is made of. */
  readonly all: readonly Ready[];
  /** The patterns in it, and where each stands. */
  readonly patterns: readonly { readonly source: string; readonly where: At }[];
}

/**
 * Makes the rules of a schema and of all it is made of. Takes linear time: a schema that several references lead to is
 * made once.
 *
 * @throws Unusable if the schema cannot be used; ExpressionError `fuel`
 */
export function makeReady(schema: unknown, fuel: Fuel): ReadySchema {
  const root = isMap(schema) ? schema : {};
  const whole = { base: '', root, where: null };
  const base = resourceOf(schema, { ...whole, root: {} }, null);
  const resource = base.root === root ? base : whole;
  const work: Work = { fuel, known: new Map(), left: [], all: [], patterns: [], names: null };
  const start = readyFor(work, { schema, resource, where: null });
  for (let next = work.left.pop(); next !== undefined; next = work.left.pop()) fill(work, next);
  return { start, all: work.all, patterns: work.patterns };

  function fill(own: Work, { ready, located }: Unfilled): void {
    const links = linksOf(own, ready, located, () => (own.names ??= directoryOf(resource, own.fuel)));
    ready.rules.push(...rulesOf(own, located.schema as JsonSchema, links));
  }
}

interface Unfilled {
  readonly ready: Ready;
  readonly located: Located;
}

interface Work {
  readonly fuel: Fuel;
  readonly known: Map<unknown, Ready>;
  readonly left: Unfilled[];
  readonly all: Ready[];
  readonly patterns: { source: string; where: At }[];
  names: Directory | null;
}

const never: Rule = (machine, _value, at) => misfit(machine, 'false schema', at, 'boolean schema is false');

/** The schema as it will be, once its rules are made. Rules are made later, because schemas may contain themselves. */
function readyFor(work: Work, located: Located): Ready {
  const { schema, where } = located;
  const known = typeof schema === 'object' ? work.known.get(schema) : undefined;
  if (known !== undefined) return known;
  charge(work.fuel, SCHEMA);
  if (!isMap(schema) && typeof schema !== 'boolean')
    throw new Unusable('A JSON Schema is a map, or true or false', where);
  const ready: Ready = {
    rules: schema === false ? [{ keyword: 'false', holds: never }] : [],
    inPlace: [],
    where,
    asksForRest: isMap(schema) && ('unevaluatedProperties' in schema || 'unevaluatedItems' in schema),
  };
  work.all.push(ready);
  if (!isMap(schema)) return ready;
  work.known.set(schema, ready);
  work.left.push({ ready, located: { ...located, resource: resourceOf(schema, located.resource, where) } });
  return ready;
}

function rulesOf({ fuel }: Work, schema: JsonSchema, links: Links): Ready['rules'] {
  const keywords = Object.keys(schema).filter((key) => RANKS.has(key));
  charge(fuel, KEYWORD * keywords.length);
  keywords.sort((a, b) => RANKS.get(a)! - RANKS.get(b)!);
  return keywords.map((keyword) => ({
    keyword,
    holds: MAKERS[RANKS.get(keyword)!]![1](schema[keyword], schema, links),
  }));
}

function linksOf(work: Work, ready: Ready, { resource, where }: Located, directory: () => Directory): Links {
  const part = (schema: unknown, ...path: (string | number)[]): Ready =>
    readyFor(work, { schema, resource, where: path.reduce<At>((above, key) => ({ above, key }), where) });
  const sameValue = (schema: Ready): Ready => {
    ready.inPlace.push(schema);
    return schema;
  };
  return {
    where,
    part,
    inPlace: (schema, ...path) => sameValue(part(schema, ...path)),
    pay: (units) => charge(work.fuel, units),
    reference(text, keyword) {
      charge(work.fuel, REFERENCE + text.length);
      const found = locate(text, resource, directory);
      const place: At = { above: where, key: keyword };
      if (found === null) throw new Unusable(`\`${keyword}\` leads nowhere: ${text.slice(0, 200)}`, place);
      if (keyword === '$dynamicRef' && isAmbiguous(found.schema, directory()))
        throw new Unusable('`$dynamicRef` is supported only if one schema has the `$dynamicAnchor`', place);
      return sameValue(readyFor(work, found));
    },
    pattern(source) {
      work.patterns.push({ source, where });
      return source;
    },
  };
}

/** Whether it depends on the way to a reference which of several schemas with the same anchor it leads to. */
const isAmbiguous = (schema: unknown, { dynamic }: Directory): boolean =>
  isMap(schema) && typeof schema.$dynamicAnchor === 'string' && (dynamic.get(schema.$dynamicAnchor) ?? 0) > 1;
