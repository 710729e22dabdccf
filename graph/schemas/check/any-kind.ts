/** Rules for values of every kind. */
import { charge } from '../../expression/fuel.ts';
import type { Fuel } from '../../expression/types.ts';
import { equals } from '../../expression/values.ts';
import type { Json } from '../../json.ts';
import type { At } from './at.ts';
import { apply, branch, fits, type Machine, misfit, type Ready, type Rule, type Seen } from './machine.ts';
import { alternativesOf, listOf, type Makers, textOf } from './rule-maker.ts';

/** How much of the allowed values a message shows. */
const SHOWN = 200;

/** `type`; every integer is a number, and null is accepted if `nullable` says so. */
export const typeRules: Makers = {
  type: (given, schema) => {
    const types: readonly unknown[] = [given].flat();
    const nullable = schema.nullable === true;
    const message = `must be ${types.join(',')}`;
    return (machine, value, at) =>
      types.some((type) => isOf(value, type)) || (nullable && value === null) || misfit(machine, 'type', at, message);
  },
};

function isOf(value: Json, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Constants, references, and schemas that are made of others. */
export const anyRules: Makers = {
  const: (given) => {
    const has = among([given]);
    return (machine, value, at) =>
      has(machine.fuel, value) || misfit(machine, 'const', at, 'must be equal to constant');
  },
  enum: (given, _schema, links) => {
    const allowed = listOf(given, 'enum', links);
    const has = among(allowed);
    const shown = JSON.stringify(allowed.slice(0, SHOWN)).slice(0, SHOWN);
    const message = `must be equal to one of the allowed values: ${shown}`;
    return (machine, value, at) => has(machine.fuel, value) || misfit(machine, 'enum', at, message);
  },
  $ref: (given, _schema, links) => elsewhere(links.reference(textOf(given, '$ref', links), '$ref')),
  $dynamicRef: (given, _schema, links) =>
    elsewhere(links.reference(textOf(given, '$dynamicRef', links), '$dynamicRef')),
  not: (given, _schema, links) => {
    const schema = links.inPlace(given, 'not');
    return (machine, value, at) =>
      !fits(machine, schema, value, at, null) || misfit(machine, 'not', at, 'must NOT be valid');
  },
  anyOf: (given, _schema, links) => {
    const schemas = alternativesOf(given, 'anyOf', links);
    return (machine, value, at, seen) => {
      const before = machine.misfits.length;
      const fitting = (schema: Ready) => branch(machine, schema, value, at, seen);
      // Each schema that fits says something about the parts of the value. If nobody asks, one is enough.
      const holds = seen === null ? schemas.some(fitting) : schemas.filter(fitting).length > 0;
      if (holds) machine.misfits.length = before;
      return holds || misfit(machine, 'anyOf', at, 'must match a schema in anyOf');
    };
  },
  oneOf: (given, _schema, links) => oneOf(alternativesOf(given, 'oneOf', links)),
  allOf: (given, _schema, links) => {
    const schemas = alternativesOf(given, 'allOf', links);
    return (machine, value, at, seen) => schemas.every((schema) => apply(machine, schema, value, at, seen));
  },
  if: (given, schema, links) => {
    const test = links.inPlace(given, 'if');
    const [yes, no] = (['then', 'else'] as const).map((word) =>
      schema[word] === undefined ? null : links.inPlace(schema[word], word),
    ) as [Ready | null, Ready | null];
    return (machine, value, at, seen) => {
      const passed = fits(machine, test, value, at, seen);
      const next = passed ? yes : no;
      if (next === null || apply(machine, next, value, at, seen)) return true;
      return misfit(machine, 'if', at, `must match "${passed ? 'then' : 'else'}" schema`);
    };
  },
};

const elsewhere =
  (schema: Ready): Rule =>
  (machine, value, at, seen) =>
    apply(machine, schema, value, at, seen);

function oneOf(schemas: readonly Ready[]): Rule {
  return (machine: Machine, value: Json, at: At, seen: Seen | null) => {
    const before = machine.misfits.length;
    let fitting = 0;
    for (const schema of schemas) {
      if (branch(machine, schema, value, at, seen)) fitting += 1;
      if (fitting > 1) break;
    }
    if (fitting > 0) machine.misfits.length = before;
    return fitting === 1 || misfit(machine, 'oneOf', at, 'must match exactly one schema in oneOf');
  };
}

/** Whether a value equals one of some constants. Simple constants are found at once. */
function among(constants: readonly unknown[]): (fuel: Fuel, value: Json) => boolean {
  const simple = new Set(constants.filter((each) => typeof each !== 'object' || each === null));
  const others = constants.filter((each) => typeof each === 'object' && each !== null);
  return (fuel, value) => {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'string') charge(fuel, value.length >> 6);
      return simple.has(value);
    }
    charge(fuel, others.length);
    return others.some((each) => equals(fuel, each, value));
  };
}
