import { splitUses } from '../document/names.ts';
import type { Graph } from '../document/types.ts';
import { parseDuration } from '../duration.ts';
import type { Json, JsonObject } from '../json.ts';
import { evaluated } from './evaluated.ts';
import { checkItem, checkItems } from './items.ts';
import { checkInput, mappedInput } from './trigger.ts';
import type { TriggerInfo } from './trigger-info.ts';

/** What a graph holds of a firing, and for how long. */
export interface Held {
  readonly times:
    | { readonly word: 'debounce'; readonly quietMs: number; readonly atMostMs: number | null }
    | { readonly word: 'batch'; readonly size: number; readonly withinMs: number };
  /** Firings with equal keys share a run. */
  readonly key: string;
  /** What a run of its own would have had. */
  readonly payload: { readonly trigger: JsonObject; readonly input: Json };
}

/** Whether a graph holds what its triggers bring. A call is never held: whoever calls asks for this run now. */
export const holds = ({ debounce, batch }: Graph, uses: string): boolean =>
  (debounce !== undefined || batch !== undefined) && splitUses(uses).type !== 'call';

/**
 * What is held of a firing.
 *
 * @throws StartError `trigger.declined`, `trigger.expression`, `input.invalid`, `schema.tooCostly`
 */
export function heldOf(graph: Graph, trigger: TriggerInfo, facts: { input: Json; vars: JsonObject }): Held {
  const { debounce, batch } = graph;
  const input = mappedInput(graph, trigger, facts);
  if (batch) checkItem(graph, input);
  else checkInput(graph, input);
  const scope = { trigger, input, vars: facts.vars };
  const key = evaluated((batch ?? debounce)?.key ?? '', scope, batch ? 'batch.key' : 'debounce.key');
  return {
    times: batch
      ? { word: 'batch', size: batch.size, withinMs: parseDuration(batch.within) ?? 0 }
      : {
          word: 'debounce',
          quietMs: parseDuration(debounce?.quiet ?? '') ?? 0,
          atMostMs: debounce?.atMost === undefined ? null : parseDuration(debounce.atMost),
        },
    key: typeof key === 'string' ? key : (JSON.stringify(key) ?? ''),
    payload: { trigger, input },
  };
}

/**
 * Trigger and input of the run that begins for firings that were held together: those of the last one, or all inputs.
 *
 * @throws StartError `input.invalid`, `schema.tooCostly`
 */
export function releasedOf(
  graph: Graph,
  word: Held['times']['word'],
  held: { readonly trigger: JsonObject; readonly inputs: readonly Json[] },
): { trigger: TriggerInfo; input: Json } {
  const trigger = held.trigger as unknown as TriggerInfo;
  if (word === 'debounce') return { trigger, input: held.inputs.at(-1) ?? null };
  const input = { items: [...held.inputs] };
  checkItems(graph, input);
  return { trigger, input };
}
