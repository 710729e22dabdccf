/** Checks values against the JSON Schemas that authors write, within a limit of time and memory. */
import { ExpressionError } from '../../expression/error.ts';
import { newFuel } from '../../expression/fuel.ts';
import type { Fuel } from '../../expression/types.ts';
import type { Json, JsonSchema } from '../../json.ts';
import { FUEL_PER_SCHEMA } from '../../limits.ts';
import type { Problem } from '../../problems/problem.ts';
import { pointerOf } from './at.ts';
import { refuseCostly } from './bounds.ts';
import { TooCostly, Unusable } from './errors.ts';
import { apply, type Machine } from './machine.ts';
import { makeReady } from './make-ready.ts';
import { patternProgram } from './matches.ts';

export { TooCostly } from './errors.ts';

/**
 * The problems of a value checked against a JSON Schema (2020-12); none if the value fits. No value fits a schema that
 * cannot be used. The check stops at the first thing that does not fit, as most validators do.
 *
 * @throws TooCostly if the check takes more work than `FUEL_PER_SCHEMA` allows: at most 100 ms
 * @example checkAgainst({ type: 'object', required: ['a'] }, {}) // [{ code: 'schema-required', path: '', … }]
 */
export function checkAgainst(schema: JsonSchema, value: Json, fuel: Fuel = newFuel(FUEL_PER_SCHEMA)): Problem[] {
  const machine: Machine = { fuel, misfits: [], depth: 0, at: null, keyword: '' };
  try {
    const { start, all } = makeReady(schema, machine.fuel);
    refuseCostly(all);
    if (apply(machine, start, value, null, null)) return [];
  } catch (error) {
    if (error instanceof Unusable) return [unusable(error)];
    if (!(error instanceof ExpressionError)) throw error;
    if (error.reason === 'argument') return [unusable(new Unusable(error.message, null))];
    throw outOfFuel(machine);
  }
  return machine.misfits.map(({ keyword, at, message }) => ({
    severity: 'error',
    code: `schema-${keyword}`,
    path: pointerOf(at),
    message,
  }));
}

const unusable = ({ message, path }: Unusable): Problem => ({
  severity: 'error',
  code: 'bad-schema',
  path: '',
  message: `cannot be checked: ${message}${path === '' ? '' : ` (at ${path} of the schema)`}`,
});

const outOfFuel = ({ at, keyword }: Machine): TooCostly =>
  new TooCostly(
    `To check ${keyword === '' ? 'the value' : `\`${keyword}\``} takes too much time or memory. ` +
      'Limit the value first, with `maxItems`, `maxLength` or `maxProperties`, or check less.',
    at,
  );

/** What is wrong with a schema, whatever value it is used on. */
export interface SchemaProblem {
  readonly code: 'bad-schema' | 'schema-too-costly';
  /** JSON Pointer into the schema. */
  readonly path: string;
  readonly message: string;
}

/**
 * What is wrong with a schema whatever value it is used on, or null: references that lead nowhere, patterns that cannot
 * be used, and everything that is certain to be too costly.
 *
 * @param fuel pays for this and, if it is shared, for other schemas of the same document
 */
export function schemaProblem(schema: JsonSchema, fuel: Fuel = newFuel(FUEL_PER_SCHEMA)): SchemaProblem | null {
  let where = '';
  try {
    const { all, patterns } = makeReady(schema, fuel);
    refuseCostly(all);
    for (const pattern of patterns) {
      where = pointerOf(pattern.where);
      patternProgram(fuel, pattern.source);
    }
    return null;
  } catch (error) {
    if (error instanceof Unusable) return { code: 'bad-schema', path: error.path, message: error.message };
    if (error instanceof TooCostly) return { code: 'schema-too-costly', path: error.path, message: error.message };
    if (!(error instanceof ExpressionError)) throw error;
    if (error.reason === 'argument') return { code: 'bad-schema', path: where, message: error.message };
    return { code: 'schema-too-costly', path: where, message: 'To read the schemas of the graph takes too much time' };
  }
}
