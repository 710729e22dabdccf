import type { Graph } from '../document/types.ts';
import { compileValue, ExpressionError, newFuel, resolve, zoneRules } from '../expression/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { FUEL_PER_EXPRESSION } from '../limits.ts';
import { StartError } from './error.ts';
import type { TriggerInfo } from './trigger-info.ts';

/**
 * The priority of a run, 1 to 5; undefined if the graph does not say.
 *
 * @throws StartError `trigger.expression`
 */
export function runPriority(
  { priority }: Graph,
  scope: { readonly trigger: TriggerInfo; readonly input: Json; readonly vars: JsonObject },
): number | undefined {
  if (priority === undefined) return undefined;
  const value = evaluate(priority, scope);
  if (typeof value === 'number' && [1, 2, 3, 4, 5].includes(value)) return value;
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  throw new StartError('trigger.expression', `priority: ${shown} is not a whole number from 1 (goes first) to 5.`);
}

function evaluate(priority: Json, scope: object): unknown {
  try {
    return resolve(compileValue(priority).template, { ...scope }, newFuel(FUEL_PER_EXPRESSION, zoneRules), 'priority')
      .value;
  } catch (error) {
    if (error instanceof ExpressionError) throw new StartError('trigger.expression', error.message);
    throw error;
  }
}
