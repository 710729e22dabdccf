import { outputRules } from '../models/output.ts';
import { dataUrl } from '../models/part.ts';
import type { Message, ModelRequest, Part } from '../models/port.ts';
import { fieldsOf, listOf } from '../models/read.ts';

/** The body of `POST /responses`. Nothing is stored at the provider unless the call goes on in the background. */
export function responsesBody(request: ModelRequest): Record<string, unknown> {
  const { model, messages, tools = [], output, maxOutputTokens, temperature, reasoning, background = false } = request;
  const { strict, instructions } = outputRules(request);
  return {
    model,
    input: messages.flatMap(itemsOf),
    ...(instructions !== undefined && { instructions }),
    max_output_tokens: maxOutputTokens,
    store: background,
    ...(background && { background }),
    ...(temperature !== undefined && { temperature }),
    ...(reasoning !== undefined && { reasoning: { effort: reasoning } }),
    // Without storage, the model's reasoning travels with the conversation, encrypted.
    ...(tools.length > 0 && reasoning !== undefined && reasoning !== 'none'
      ? { include: ['reasoning.encrypted_content'] }
      : {}),
    ...(output && { text: { format: formatOf(output.name, strict) } }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        ...{ type: 'function', name, description, parameters, strict: false },
      })),
    }),
  };
}

const formatOf = (name: string, schema: object | null) =>
  schema === null ? { type: 'json_object' } : { type: 'json_schema', name, schema, strict: true };

function itemsOf(message: Message): unknown[] {
  if (message.role === 'user') return [{ role: 'user', content: message.content.map(contentOf) }];
  if (message.role === 'tool') {
    const output = message.failed ? `The tool failed: ${message.output}` : message.output;
    return [{ type: 'function_call_output', call_id: message.callId, output }];
  }
  const carried = carriedItems(listOf(message.carried));
  if (carried.length > 0) return carried;
  return [
    ...(message.text === '' ? [] : [{ role: 'assistant', content: message.text }]),
    ...message.toolCalls.map(({ id, name, arguments: given }) => ({
      ...{ type: 'function_call', call_id: id, name, arguments: given },
    })),
  ];
}

/**
 * What the model said, as the provider wants to have it back. It looks up items by their ids, and refuses those whose
 * reasoning is missing, so they go without ids then. Calls and results are paired by `call_id`.
 */
function carriedItems(items: readonly unknown[]): unknown[] {
  const usable = items.filter(isUsable);
  if (usable.length === items.length) return usable;
  return usable.map((item) => {
    const { id: _, ...rest } = fieldsOf(item);
    return rest;
  });
}

/** Reasoning that is not encrypted is kept by nobody, and the provider refuses to hear of it. */
function isUsable(item: unknown): boolean {
  const { type, encrypted_content: encrypted } = fieldsOf(item);
  return type !== 'reasoning' || typeof encrypted === 'string';
}

function contentOf(part: Part): unknown {
  if (part.kind === 'text') return { type: 'input_text', text: part.text };
  if (part.kind === 'image') return { type: 'input_image', image_url: dataUrl(part), detail: 'auto' };
  return { type: 'input_file', filename: part.name, file_data: dataUrl(part) };
}
