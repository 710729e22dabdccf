/** Rules for objects. */
import { charge } from '../../expression/fuel.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { At } from './at.ts';
import { apply, type Machine, misfit, type Ready, type Rule, type Seen } from './machine.ts';
import { matches } from './matches.ts';
import { isMap, type Maker, type Makers, mapOf, namesOf, numberOf, partsOf } from './rule-maker.ts';

const isObject = (value: Json): value is JsonObject => isMap(value);

/** Names of an object's properties, after paying for them: V8 keeps large objects in tables, which are slower. */
function keysOf({ fuel }: Machine, value: JsonObject): string[] {
  const keys = Object.keys(value);
  charge(fuel, keys.length > 1024 ? 4 * keys.length : keys.length);
  return keys;
}

/** How much of a property's name a message shows. */
const SHOWN = 100;
const named = (what: string, name: string): string => `${what}: "${name.slice(0, SHOWN)}"`;

const sizeOf =
  (keyword: 'maxProperties' | 'minProperties', what: string, holds: (size: number, limit: number) => boolean): Maker =>
  (given, _schema, links) => {
    const bound = numberOf(given, keyword, links);
    const message = `must NOT have ${what} than ${bound} properties`;
    return (machine, value, at) =>
      !isObject(value) || holds(keysOf(machine, value).length, bound) || misfit(machine, keyword, at, message);
  };

function note(seen: Seen | null, name: string): void {
  if (seen !== null && seen.names !== 'all') seen.names.add(name);
}

/** Applies a schema to one property. */
const applyTo = (machine: Machine, schema: Ready, value: JsonObject, name: string, at: At): boolean =>
  apply(machine, schema, value[name] as Json, { above: at, key: name }, null);

/** The names that must be there as well. */
function requires(needed: readonly string[], keyword: string, message: (name: string) => string): Rule {
  return (machine, value, at) => {
    if (!isObject(value)) return true;
    charge(machine.fuel, needed.length);
    const missing = needed.find((name) => !Object.hasOwn(value, name));
    return missing === undefined || misfit(machine, keyword, at, message(missing));
  };
}

/** Rules that depend on whether a property is there. */
const dependent =
  (keyword: string): Maker =>
  (given, _schema, links) => {
    const rules = Object.entries(mapOf(given, keyword, links)).map(([name, each]): [string, Rule] => {
      if (Array.isArray(each)) {
        const message = (other: string) => `must have property ${other} when property ${name} is present`;
        return [name, requires(namesOf(each, keyword, links), keyword, message)];
      }
      const schema = links.inPlace(each, keyword, name);
      return [name, (machine, value, at, seen) => apply(machine, schema, value, at, seen)];
    });
    return (machine, value, at, seen) => {
      if (!isObject(value)) return true;
      charge(machine.fuel, rules.length);
      return rules.every(([name, rule]) => !Object.hasOwn(value, name) || rule(machine, value, at, seen));
    };
  };

/** Rules for objects. Sizes are first, so that they protect the others from large objects. */
export const objectRules: Makers = {
  maxProperties: sizeOf('maxProperties', 'more', (size, bound) => size <= bound),
  minProperties: sizeOf('minProperties', 'fewer', (size, bound) => size >= bound),
  required: (given, _schema, links) =>
    requires(namesOf(given, 'required', links), 'required', (name) => `must have required property '${name}'`),
  propertyNames: (given, _schema, links) => {
    const schema = links.part(given, 'propertyNames');
    return (machine, value, at) =>
      !isObject(value) ||
      keysOf(machine, value).every(
        (name) =>
          apply(machine, schema, name, at, null) ||
          misfit(machine, 'propertyNames', at, named('property name must be valid', name)),
      );
  },
  additionalProperties: (given, schema, links) => {
    const declared = new Set(Object.keys(isMap(schema.properties) ? schema.properties : {}));
    const patterns = Object.keys(isMap(schema.patternProperties) ? schema.patternProperties : {});
    const others = links.part(given, 'additionalProperties');
    return (machine, value, at, seen) =>
      !isObject(value) ||
      keysOf(machine, value).every((name) => {
        if (declared.has(name) || patterns.some((pattern) => matches(machine, pattern, name))) return true;
        note(seen, name);
        return given === false
          ? misfit(machine, 'additionalProperties', at, named('must NOT have additional properties', name))
          : applyTo(machine, others, value, name, at);
      });
  },
  properties: (given, _schema, links) => {
    const declared = partsOf(given, 'properties', links);
    return (machine, value, at, seen) => {
      if (!isObject(value)) return true;
      charge(machine.fuel, declared.length);
      return declared.every(([name, schema]) => {
        if (!Object.hasOwn(value, name)) return true;
        note(seen, name);
        return applyTo(machine, schema, value, name, at);
      });
    };
  },
  patternProperties: (given, _schema, links) => {
    const patterns = partsOf(given, 'patternProperties', links);
    for (const [pattern] of patterns) links.pattern(pattern);
    return (machine, value, at, seen) =>
      !isObject(value) ||
      keysOf(machine, value).every((name) =>
        patterns.every(([pattern, schema]) => {
          if (!matches(machine, pattern, name)) return true;
          note(seen, name);
          return applyTo(machine, schema, value, name, at);
        }),
      );
  },
  dependentRequired: dependent('dependentRequired'),
  dependentSchemas: dependent('dependentSchemas'),
  dependencies: dependent('dependencies'),
};

/** Properties that no other schema has spoken of. */
export const restOfObject: Makers = {
  unevaluatedProperties: (given, _schema, links) => {
    const others = links.part(given, 'unevaluatedProperties');
    return (machine, value, at, seen) => {
      if (!isObject(value) || seen === null || seen.names === 'all') return true;
      const { names } = seen;
      const holds = keysOf(machine, value).every((name) => {
        if (names.has(name)) return true;
        return given === false
          ? misfit(machine, 'unevaluatedProperties', at, named('must NOT have unevaluated properties', name))
          : applyTo(machine, others, value, name, at);
      });
      seen.names = 'all';
      return holds;
    };
  },
};
