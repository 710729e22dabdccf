import { outputRules } from '../models/output.ts';
import { unsupported } from '../models/part.ts';
import type { Message, ModelRequest, Part } from '../models/port.ts';
import { argumentsOf, listOf } from '../models/read.ts';

/** One message as Anthropic takes it. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: unknown[];
}

/** The body of `POST /v1/messages`. */
export function messagesBody(request: ModelRequest): Record<string, unknown> {
  const { model, messages, tools = [], maxOutputTokens, temperature, reasoning } = request;
  const { strict, instructions } = outputRules(request);
  const isThinking = reasoning !== undefined && reasoning !== 'none';
  const config = {
    ...(strict !== null && { format: { type: 'json_schema', schema: strict } }),
    ...(isThinking && { effort: reasoning }),
  };
  return {
    model,
    max_tokens: maxOutputTokens,
    messages: turnsOf(messages),
    ...(instructions !== undefined && { system: instructions }),
    ...(temperature !== undefined && { temperature }),
    ...(reasoning !== undefined && { thinking: { type: isThinking ? 'adaptive' : 'disabled' } }),
    ...(Object.keys(config).length > 0 && { output_config: config }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
    }),
  };
}

/** User and assistant take turns: what follows each other from one side is one message, results of tools included. */
function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = blocksOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return turns;
}

function blocksOf(message: Message): unknown[] {
  if (message.role === 'user') return message.content.map(blockOf);
  if (message.role === 'tool') {
    const { callId, output, failed } = message;
    return [{ type: 'tool_result', tool_use_id: callId, content: output, ...(failed && { is_error: true }) }];
  }
  const carried = listOf(message.carried);
  if (carried.length > 0) return [...carried];
  return [
    ...(message.text === '' ? [] : [{ type: 'text', text: message.text }]),
    ...message.toolCalls.map(({ id, name, arguments: given }) => ({
      type: 'tool_use',
      id,
      name,
      input: argumentsOf(given),
    })),
  ];
}

function blockOf(part: Part): unknown {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  const source = { type: 'base64', media_type: part.mediaType, data: part.base64 };
  if (part.kind === 'image') return { type: 'image', source };
  if (part.mediaType === 'application/pdf') return { type: 'document', source, title: part.name };
  if (part.mediaType.startsWith('text/')) {
    const data = Buffer.from(part.base64, 'base64').toString('utf8');
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, title: part.name };
  }
  throw unsupported('anthropic', `files of the type ${part.mediaType}`);
}
