/** Reads fields of a provider's answer. Compatible servers leave out what they like, so nothing is taken for granted. */

import { parseServiceJson } from '../../graph/exact-json.ts';
import { holdsTooMuch } from '../../graph/json-extent.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The object, or an empty one. */
export const fieldsOf = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};

/** The list, or an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The text, or null. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The count, or 0. */
export const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;

/** The arguments of a call as an object, even if the model did not write one. */
export function argumentsOf(given: string): object {
  if (holdsTooMuch(given)) return {};
  try {
    return fieldsOf(parseServiceJson(given));
  } catch {
    return {};
  }
}
