import type { Graph } from '../document/types.ts';
import type { Json, JsonObject } from '../json.ts';
import { StartError } from './error.ts';
import { evaluated } from './evaluated.ts';
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
  const value = evaluated(priority, scope, 'priority');
  if (typeof value === 'number' && [1, 2, 3, 4, 5].includes(value)) return value;
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 60);
  throw new StartError('trigger.expression', `priority: ${shown} is not a whole number from 1 (goes first) to 5.`);
}
