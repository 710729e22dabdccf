import type { NodeFacts } from '../catalogue.ts';
import { isMap, type Json, type JsonSchema } from '../json.ts';

/** A parameter of a node that names a prompt of the workspace. */
export interface PromptUse {
  /** Name of the parameter. */
  readonly parameter: string;
  readonly name: string;
  /** The version that the author chose; null: the newest when the graph is published. */
  readonly version: number | null;
}

/**
 * The prompts that a node names. What an expression names is known only when the step runs.
 *
 * @param parameters `with` of the node
 */
export function promptsOf(facts: Pick<NodeFacts, 'input'>, parameters: Json | undefined): PromptUse[] {
  if (!isMap(parameters)) return [];
  return Object.entries((facts.input.properties ?? {}) as Readonly<Record<string, JsonSchema>>)
    .filter(([, schema]) => takesPrompt(schema))
    .flatMap(([parameter]) => useIn(parameter, parameters[parameter]));
}

/** `promptReference` of `integrations/prompts.ts` leaves this mark, alone or as one of several forms of the parameter. */
function takesPrompt(schema: JsonSchema): boolean {
  const forms = (schema.anyOf ?? schema.oneOf ?? []) as readonly JsonSchema[];
  return schema.blokPrompt === true || forms.some(({ blokPrompt }) => blokPrompt === true);
}

function useIn(parameter: string, value: Json | undefined): PromptUse[] {
  if (!isMap(value)) return [];
  const { name, version } = value;
  if (typeof name !== 'string' || name.includes('${{')) return [];
  if (version !== undefined && version !== null && typeof version !== 'number') return [];
  return [{ parameter, name, version: version ?? null }];
}
