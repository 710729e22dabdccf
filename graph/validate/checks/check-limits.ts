import { splitUses } from '../../document/names.ts';
import type { Graph, TriggerNode } from '../../document/types.ts';
import { parseDuration } from '../../duration.ts';
import { compileValue } from '../../expression/parse.ts';
import { LONGEST_LIMIT_MS } from '../../limits.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { durationProblem } from './check-retry.ts';

/** Checks what a graph says about how many of its runs there may be, and in which order they go. */
export function checkLimits(graph: Graph): Problem[] {
  const { rateLimit, debounce, batch } = graph;
  return [
    ...checkTime(rateLimit?.per, '/rateLimit/per'),
    ...checkTime(debounce?.quiet, '/debounce/quiet'),
    ...checkTime(debounce?.atMost, '/debounce/atMost'),
    ...checkTime(batch?.within, '/batch/within'),
    ...checkAtMost(graph),
    ...checkPriority(graph),
    ...checkHeld(graph),
  ];
}

function checkTime(text: string | undefined, path: string): Problem[] {
  if (text === undefined) return [];
  const found = durationProblem(text, path, true);
  if (found.length > 0 || (parseDuration(text) ?? 0) <= LONGEST_LIMIT_MS) return found;
  return [problem('bad-limit', path, `\`${text}\` is too long; the longest time is 30 days.`)];
}

function checkAtMost({ debounce }: Graph): Problem[] {
  const [quiet, atMost] = [parseDuration(debounce?.quiet ?? ''), parseDuration(debounce?.atMost ?? '')];
  if (quiet === null || atMost === null || quiet <= atMost) return [];
  const message = `The longest wait (${debounce?.atMost}) is shorter than the quiet time (${debounce?.quiet}).`;
  return [problem('bad-limit', '/debounce/atMost', message, 'Make `atMost` longer, or `quiet` shorter.')];
}

/** A constant must be a priority; of an expression, that is known when a run starts. */
function checkPriority({ priority }: Graph): Problem[] {
  if (priority === undefined || [1, 2, 3, 4, 5].includes(priority as number)) return [];
  const { template, problems } = compileValue(priority);
  if (template[0] === 'e' || problems.length > 0) return [];
  const shown = (JSON.stringify(priority) ?? '').slice(0, 60);
  return [
    problem(
      'bad-value',
      '/priority',
      `\`priority\` is ${shown}; it is a whole number from 1 to 5.`,
      'Write 1 (goes first) to 5, or an expression alone in its text, such as `"${{ input.urgent ? 1 : 3 }}"`.',
    ),
  ];
}

/** What must hold if events are held before their run starts. */
function checkHeld(graph: Graph): Problem[] {
  const { debounce, batch } = graph;
  const word = batch ? 'batch' : 'debounce';
  if (!debounce && !batch) return [];
  const both = debounce && batch;
  return [
    ...(both
      ? [problem('bad-limit', '/debounce', 'A graph has `debounce` or `batch`, not both.', 'Remove one of them.')]
      : []),
    ...Object.entries(graph.triggers ?? {})
      .filter(([, trigger]) => isAnswered(trigger))
      .map(([id]) =>
        problem(
          'cannot-answer',
          `/triggers/${escapeSegment(id)}`,
          `The caller of ${id} waits for its run, and \`${word}\` lets the run begin later, for several callers.`,
        ),
      ),
    ...checkBatchInput(graph),
    ...checkBatchSize(graph),
  ];
}

/** Somebody waits for the run of this trigger, or may. */
function isAnswered({ uses, with: given }: TriggerNode): boolean {
  const { type } = splitUses(uses);
  if (type === 'form') return true;
  const reply = given?.reply;
  return type === 'webhook' && reply !== undefined && reply !== 'async';
}

/** The schema of a graph with `batch` describes the input of the run, and that is `{ items }`. */
function checkBatchInput({ batch, input }: Graph): Problem[] {
  if (!batch || input === undefined) return [];
  const { properties, required } = input as { properties?: unknown; required?: unknown };
  const others = (Array.isArray(required) ? required : []).filter((name) => name !== 'items');
  const isListed =
    properties === undefined || (typeof properties === 'object' && Object.hasOwn(properties ?? {}, 'items'));
  if (isListed && others.length === 0) return [];
  return [
    problem(
      'bad-limit',
      '/input',
      'With `batch`, the input of a run is `{ items }`, and this schema describes something else.',
      'Describe one event under `items`: `{ type: object, properties: { items: { type: array, items: { … } } } }`.',
    ),
  ];
}

/** A full batch must fit the schema. Otherwise its run would be refused when all its events have been taken. */
function checkBatchSize({ batch, input }: Graph): Problem[] {
  if (!batch) return [];
  const { properties } = (input ?? {}) as { properties?: { items?: { minItems?: unknown; maxItems?: unknown } } };
  const { minItems, maxItems } = properties?.items ?? {};
  const refused = (word: string, limit: unknown, mend: string) => [
    problem(
      'bad-limit',
      `/input/properties/items/${word}`,
      `A full batch has ${batch.size} items, and this schema refuses it: \`${word}\` is ${limit}.`,
      mend,
    ),
  ];
  if (typeof maxItems === 'number' && maxItems < batch.size)
    return refused('maxItems', maxItems, 'Make `maxItems` larger, or `size` of the batch smaller.');
  if (typeof minItems === 'number' && minItems > batch.size)
    return refused('minItems', minItems, 'Make `minItems` smaller, or `size` of the batch larger.');
  return [];
}
