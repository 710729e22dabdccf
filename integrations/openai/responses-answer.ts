import type { Json } from '../../graph/json.ts';
import { ChargedError } from '../models/charged.ts';
import type { ModelAnswer, ToolCall } from '../models/port.ts';
import { fieldsOf, listOf, textOf } from '../models/read.ts';
import { reportedUsage, uncached } from '../models/usage.ts';
import type { ModelUsage } from '../spending.ts';
import { notAnAnswer } from './call.ts';

/** Reasons of a failure that another attempt may not meet. */
const PASSING = new Set(['server_error', 'rate_limit_exceeded']);

/**
 * Reads an answer of the Responses API that has ended.
 *
 * @throws ChargedError if the provider gave up; NodeError `openai.answer` if it is no such answer
 */
export function readResponse(body: unknown, asked: { readonly model: string; readonly what: string }): ModelAnswer {
  const { id, model, status, output, usage, error, incomplete_details: incomplete } = fieldsOf(body);
  if (status === 'failed' || status === 'cancelled') {
    const code = textOf(fieldsOf(error).code) ?? String(status);
    const why = textOf(fieldsOf(error).message) ?? 'the provider gives no reason';
    throw new ChargedError(
      `openai.${code}`,
      `${asked.what}: the answer ${status === 'failed' ? 'failed' : 'was cancelled'}: ${why}`,
      {
        ...{ usage: readUsage(usage, false), id: textOf(id), retryable: PASSING.has(code) },
      },
    );
  }
  if (!Array.isArray(output)) throw notAnAnswer(asked.what);
  const contents = output.flatMap((item) => listOf(fieldsOf(item).content).map(fieldsOf));
  const refusals = contents.flatMap((content) => (content.type === 'refusal' ? [textOf(content.refusal) ?? ''] : []));
  const toolCalls = output.flatMap(toolCallOf);
  const cut = status === 'incomplete' ? textOf(fieldsOf(incomplete).reason) : null;
  return {
    id: textOf(id),
    model: textOf(model) ?? asked.model,
    text: contents.map(({ type, text }) => (type === 'output_text' ? (textOf(text) ?? '') : '')).join(''),
    toolCalls,
    stop: stopOf({ cut, isIncomplete: status === 'incomplete', refused: refusals.length > 0, calls: toolCalls.length }),
    refusal: refusals.length > 0 ? refusals.join('\n') : null,
    usage: readUsage(usage, output.length > 0),
    carried: output as Json,
  };
}

function stopOf(end: {
  cut: string | null;
  isIncomplete: boolean;
  refused: boolean;
  calls: number;
}): ModelAnswer['stop'] {
  if (end.cut === 'content_filter') return 'filter';
  if (end.isIncomplete) return 'length';
  if (end.refused) return 'refusal';
  return end.calls > 0 ? 'tools' : 'end';
}

function toolCallOf(item: unknown): ToolCall[] {
  const { type, call_id: id, name, arguments: given } = fieldsOf(item);
  if (type !== 'function_call') return [];
  return [{ id: textOf(id) ?? '', name: textOf(name) ?? '', arguments: textOf(given) ?? JSON.stringify(given ?? {}) }];
}

/** What an answer used that may not have ended; null if the provider does not say. */
export const usageOf = (body: unknown): ModelUsage | null => readUsage(fieldsOf(body).usage, false);

function readUsage(usage: unknown, wrote: boolean): ModelUsage | null {
  const { input_tokens: input, output_tokens: output, ...details } = fieldsOf(usage);
  const { cached_tokens: cacheRead, cache_write_tokens: cacheWrite } = fieldsOf(details.input_tokens_details);
  const { reasoning_tokens: reasoning } = fieldsOf(details.output_tokens_details);
  return reportedUsage(
    { input: uncached(input, cacheRead, cacheWrite), cacheRead, cacheWrite, output, reasoning },
    wrote,
  );
}
