import type { NodeContext } from '../context.ts';
import { outputRules } from '../models/output.ts';
import { dataUrl, onlyText } from '../models/part.ts';
import type { Message, ModelAnswer, ModelRequest, Part } from '../models/port.ts';
import { fieldsOf, listOf, textOf } from '../models/read.ts';
import { hostOf } from '../models/server-fields.ts';
import { reportedUsage, uncached } from '../models/usage.ts';
import { charged, notAnAnswer } from './call.ts';
import type { OpenAiClient } from './client.ts';

const WHAT = 'POST /chat/completions';

/** Servers of others know the older name of the limit only. */
const MODERN = /(^|\.)(openai\.com|openai\.azure\.com)$/;

/** Asks by chat completions, as most compatible servers are asked. */
export async function askChat(ctx: NodeContext, opened: OpenAiClient, request: ModelRequest): Promise<ModelAnswer> {
  const body = chatBody(request, MODERN.test(hostOf(opened.server.baseUrl)));
  const answer = await charged(ctx, WHAT, () => opened.client.post('/chat/completions', { body, signal: ctx.signal }));
  return readChat(answer, request.model);
}

function chatBody(request: ModelRequest, isModern: boolean): Record<string, unknown> {
  const { model, messages, tools = [], output, maxOutputTokens, temperature, reasoning } = request;
  const { strict, instructions } = outputRules(request);
  return {
    model,
    messages: [
      ...(instructions === undefined ? [] : [{ role: 'system', content: instructions }]),
      ...messages.map(messageOf),
    ],
    [isModern ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens,
    ...(temperature !== undefined && { temperature }),
    ...(reasoning !== undefined && { reasoning_effort: reasoning }),
    ...(output && { response_format: formatOf(output.name, strict) }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        ...{ type: 'function', function: { name, description, parameters } },
      })),
    }),
  };
}

const formatOf = (name: string, schema: object | null) =>
  schema === null ? { type: 'json_object' } : { type: 'json_schema', json_schema: { name, schema, strict: true } };

function messageOf(message: Message): unknown {
  if (message.role === 'user') {
    return { role: 'user', content: onlyText(message.content) ?? message.content.map(contentOf) };
  }
  if (message.role === 'tool') {
    const content = message.failed ? `The tool failed: ${message.output}` : message.output;
    return { role: 'tool', tool_call_id: message.callId, content };
  }
  const calls = message.toolCalls.map(({ id, name, arguments: given }) => ({
    ...{ id, type: 'function', function: { name, arguments: given } },
  }));
  return { role: 'assistant', content: message.text || null, ...(calls.length > 0 && { tool_calls: calls }) };
}

function contentOf(part: Part): unknown {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  if (part.kind === 'image') return { type: 'image_url', image_url: { url: dataUrl(part) } };
  return { type: 'file', file: { filename: part.name, file_data: dataUrl(part) } };
}

const STOPS: Readonly<Record<string, ModelAnswer['stop']>> = {
  length: 'length',
  content_filter: 'filter',
  tool_calls: 'tools',
  function_call: 'tools',
};

function readChat(body: unknown, asked: string): ModelAnswer {
  const { id, model, choices, usage } = fieldsOf(body);
  const [choice] = listOf(choices).map(fieldsOf);
  if (choice === undefined) throw notAnAnswer(WHAT);
  const { content, refusal, tool_calls: calls } = fieldsOf(choice.message);
  const toolCalls = listOf(calls).map((call) => {
    const { id: callId, function: called } = fieldsOf(call);
    const { name, arguments: given } = fieldsOf(called);
    return {
      id: textOf(callId) ?? '',
      name: textOf(name) ?? '',
      arguments: textOf(given) ?? JSON.stringify(given ?? {}),
    };
  });
  const stop = STOPS[String(choice.finish_reason)] ?? (toolCalls.length > 0 ? 'tools' : 'end');
  const text =
    textOf(content) ??
    listOf(content)
      .map((part) => textOf(fieldsOf(part).text) ?? '')
      .join('');
  return {
    id: textOf(id),
    model: textOf(model) ?? asked,
    text,
    toolCalls,
    stop: textOf(refusal) ? 'refusal' : stop,
    refusal: textOf(refusal) || null,
    usage: readUsage(usage, text !== '' || toolCalls.length > 0),
  };
}

function readUsage(usage: unknown, wrote: boolean): ModelAnswer['usage'] {
  const { prompt_tokens: input, completion_tokens: output, ...details } = fieldsOf(usage);
  const { cached_tokens: cacheRead, cache_write_tokens: cacheWrite } = fieldsOf(details.prompt_tokens_details);
  const { reasoning_tokens: reasoning } = fieldsOf(details.completion_tokens_details);
  return reportedUsage(
    { input: uncached(input, cacheRead, cacheWrite), cacheRead, cacheWrite, output, reasoning },
    wrote,
  );
}
