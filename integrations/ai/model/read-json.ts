import { parseServiceJson } from '../../../graph/exact-json.ts';
import type { Json } from '../../../graph/json.ts';
import { jsonExtent } from '../../../graph/json-extent.ts';
import { MOST_OF_JSON, UNITS_OF_JSON } from '../../../graph/limits.ts';

/** Deepest nesting that is read: parsers and checks of others go no deeper. */
const MAX_DEPTH = 64;

/** What a model wrote, read as JSON; or why it is none. */
export type Read = { readonly value: Json } | { readonly problem: string };

/**
 * Reads JSON that a model wrote. Models put it between fences, or a sentence in front of it, even if they are told not to.
 */
export function readJson(text: string): Read {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'it is empty' };
  const whole = parse(trimmed);
  if ('value' in whole) return whole;
  const inner = insideFence(trimmed) ?? fromBraceToBrace(trimmed);
  const found = inner === null ? null : parse(inner);
  return found !== null && 'value' in found ? found : whole;
}

function parse(text: string): Read {
  const { depth, units } = jsonExtent(text, UNITS_OF_JSON);
  if (depth > MAX_DEPTH) return { problem: `it is nested deeper than ${MAX_DEPTH} levels` };
  if (units > UNITS_OF_JSON) return { problem: `it holds more values than ${MOST_OF_JSON}` };
  try {
    return { value: parseServiceJson(text) };
  } catch (error) {
    return { problem: `it is no JSON (${(error as Error).message.slice(0, 200)})` };
  }
}

/** The content of the first fence. */
function insideFence(text: string): string | null {
  const open = text.indexOf('```');
  if (open < 0) return null;
  const begin = text.indexOf('\n', open);
  const end = begin < 0 ? -1 : text.indexOf('```', begin);
  return end < 0 ? null : text.slice(begin, end);
}

/** From the first brace or bracket to the last one of the same kind. */
function fromBraceToBrace(text: string): string | null {
  const begin = text.search(/[{[]/);
  if (begin < 0) return null;
  const end = text.lastIndexOf(text[begin] === '{' ? '}' : ']');
  return end <= begin ? null : text.slice(begin, end + 1);
}
