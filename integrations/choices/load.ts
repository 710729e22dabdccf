import { z } from 'zod';
import type { JsonSchema } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import { guardedFetch } from '../network/guarded-fetch.ts';
import type { ChoiceContext, ChoicePage, ChoiceQuery, Offers } from './types.ts';

/** Longer than this nobody looks at an empty list. */
export const CHOICES_WITHIN_MS = 5_000;

/** Most choices of a page: more are found by searching. */
const MOST_CHOICES = 100;

/** Largest answer, in characters of JSON. */
const LARGEST = 262_144;

const page = z.object({
  items: z.array(z.object({ value: z.string(), label: z.string(), hint: z.string().optional() })).max(MOST_CHOICES),
  next: z.string().max(4_096).nullable(),
});
const schema = z.looseObject({ type: z.literal('object'), properties: z.record(z.string(), z.unknown()) });

/** Where the code of a node looks for choices. */
type Place = Omit<ChoiceContext, 'fetch'>;

/**
 * The choices of a parameter, from the provider, within five seconds and of limited size, whatever the code of the node
 * does.
 *
 * @throws NodeError `options.none`, `options.timeout`, `options.invalid`; what the provider's code throws
 */
export async function loadChoices(place: Place, node: Offers, field: string, query: ChoiceQuery): Promise<ChoicePage> {
  const load = Object.hasOwn(node.options ?? {}, field) ? node.options![field] : undefined;
  if (!load) throw new NodeError('options.none', `The parameter "${field}" of ${node.type} has no choices to load.`);
  return bounded(await inTime(place, node, (ctx) => load(ctx, query)), page, node);
}

/**
 * The schema of the fields that only the provider knows, with the same limits.
 *
 * @throws NodeError as above
 */
export async function loadFields(place: Place, node: Offers, input: ChoiceQuery['input']): Promise<JsonSchema> {
  const { fields } = node;
  if (!fields) throw new NodeError('options.none', `${node.type} has no fields to load.`);
  return bounded(await inTime(place, node, (ctx) => fields(ctx, input)), schema, node);
}

async function inTime<T>(place: Place, { type }: Offers, work: (ctx: ChoiceContext) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const signal = AbortSignal.any([place.signal, late.signal]);
  const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const timer = setTimeout(() => {
    const seconds = CHOICES_WITHIN_MS / 1_000;
    const message = `${type} did not load its choices within ${seconds} seconds. Type the value, or try again.`;
    late.abort(new NodeError('options.timeout', message, { retryable: true }));
  }, CHOICES_WITHIN_MS);
  try {
    place.signal.throwIfAborted();
    return await Promise.race([work({ ...place, signal, fetch: guardedFetch(place.network, signal) }), ended]);
  } finally {
    clearTimeout(timer);
  }
}

function bounded<T>(answer: unknown, shape: z.ZodType<T>, { type }: Offers): T {
  const parsed = shape.safeParse(answer);
  const [issue] = parsed.error?.issues ?? [];
  if (issue) throw invalid(type, `${issue.path.join('.') || 'it'}: ${issue.message}`);
  if (JSON.stringify(parsed.data).length > LARGEST) throw invalid(type, `it is larger than ${LARGEST} characters`);
  return parsed.data as T;
}

const invalid = (type: string, why: string): NodeError =>
  new NodeError('options.invalid', `What ${type} loaded cannot be shown: ${why}.`);
