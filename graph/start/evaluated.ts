import { compileValue, ExpressionError, newFuel, resolve, zoneRules } from '../expression/index.ts';
import type { Json } from '../json.ts';
import { StartError } from './error.ts';

/** Fuel for a trigger's `if` and `input` together: as much as for five expressions. */
export const START_FUEL = 1_000_000;

/**
 * The value of a template that is read before a run starts.
 *
 * @param fuel of several such templates together
 * @throws StartError `trigger.expression`
 */
export function evaluated(
  template: Json,
  scope: object,
  field: string,
  fuel = newFuel(START_FUEL, zoneRules),
): unknown {
  try {
    return resolve(compileValue(template).template, { ...scope }, fuel, field).value;
  } catch (error) {
    if (error instanceof ExpressionError) throw new StartError('trigger.expression', error.message);
    throw error;
  }
}
