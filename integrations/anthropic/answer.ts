import type { Json } from '../../graph/json.ts';
import { NodeError } from '../error.ts';
import type { ModelAnswer } from '../models/port.ts';
import { fieldsOf, listOf, textOf } from '../models/read.ts';
import { reportedUsage } from '../models/usage.ts';

const STOPS: Readonly<Record<string, ModelAnswer['stop']>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tools',
  refusal: 'refusal',
};

/**
 * Reads an answer of the Messages API.
 *
 * @throws NodeError `anthropic.answer` if it is no such answer
 */
export function readMessage(body: unknown, asked: string): ModelAnswer {
  const { id, model, content, stop_reason: reason, stop_details: details, usage } = fieldsOf(body);
  if (!Array.isArray(content)) {
    throw new NodeError(
      'anthropic.answer',
      'POST /v1/messages: the server answered 200, but not as the protocol says. Look at "baseUrl" of the connection.',
      { unknown: true },
    );
  }
  const blocks = content.map(fieldsOf);
  const text = blocks.map((block) => (block.type === 'text' ? (textOf(block.text) ?? '') : '')).join('');
  const stop = STOPS[String(reason)] ?? 'end';
  return {
    id: textOf(id),
    model: textOf(model) ?? asked,
    text,
    toolCalls: blocks
      .filter(({ type }) => type === 'tool_use')
      .map((block) => ({
        id: textOf(block.id) ?? '',
        name: textOf(block.name) ?? '',
        arguments: JSON.stringify(block.input ?? {}),
      })),
    stop,
    refusal: stop === 'refusal' ? (textOf(fieldsOf(details).explanation) ?? (text || null)) : null,
    usage: readUsage(usage, blocks.length > 0),
    carried: listOf(content) as Json,
  };
}

/** What Anthropic calls input is neither read from the cache nor written to it. */
function readUsage(usage: unknown, wrote: boolean): ModelAnswer['usage'] {
  const { input_tokens: input, output_tokens: output, ...rest } = fieldsOf(usage);
  const { cache_read_input_tokens: cacheRead, cache_creation_input_tokens: cacheWrite } = rest;
  const { thinking_tokens: reasoning } = fieldsOf(rest.output_tokens_details);
  return reportedUsage({ input, cacheRead, cacheWrite, output, reasoning }, wrote);
}
