import { splitUses } from '../document/names.ts';
import type { Graph, TriggerNode } from '../document/types.ts';
import type { JsonObject } from '../json.ts';
import { triggerParameters } from './trigger.ts';

/** The parameter that says what a trigger listens to, by the trigger's type. */
const PARAMETER: Readonly<Record<string, string>> = { event: 'event', failure: 'workflow' };

const parameterOf = ({ uses }: TriggerNode): string | undefined => PARAMETER[splitUses(uses).type];

/** What a trigger listens to, as it is written. Null: it listens to nothing, or an expression says to what. */
export function writtenSubject(trigger: TriggerNode): string | null {
  const given = trigger.with?.[parameterOf(trigger) ?? ''];
  return typeof given === 'string' && !given.includes('${{') ? given : null;
}

/** What a trigger of a graph listens to now. @throws StartError `trigger.expression` */
export function subjectNow(graph: Graph, id: string, vars: JsonObject): string | null {
  const trigger = graph.triggers?.[id];
  const value = trigger && triggerParameters(graph, id, vars)[parameterOf(trigger) ?? ''];
  return typeof value === 'string' ? value : null;
}
