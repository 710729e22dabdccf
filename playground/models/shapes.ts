import { type Answer, tokensOf } from './answer.ts';
import type { Asked } from './asked.ts';

/** What an answer is told with, besides its words. */
interface Told {
  readonly id: string;
  readonly asked: Pick<Asked, 'model' | 'length'>;
  readonly answer: Answer;
}

const outputLength = ({ text, calls, refusal }: Answer): number =>
  text.length + (refusal?.length ?? 0) + calls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);

/** An answer of the Responses API. */
export function asResponse({ id, asked, answer }: Told) {
  const content =
    answer.refusal === null
      ? { type: 'output_text', text: answer.text, annotations: [] }
      : { type: 'refusal', refusal: answer.refusal };
  const message = { type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content: [content] };
  const input = tokensOf(asked.length);
  const output = tokensOf(outputLength(answer));
  return {
    ...{ id, object: 'response', created_at: 0, model: asked.model, error: null },
    status: answer.cut ? 'incomplete' : 'completed',
    incomplete_details: answer.cut ? { reason: 'max_output_tokens' } : null,
    output: [
      ...(answer.text === '' && answer.refusal === null ? [] : [message]),
      ...answer.calls.map((call) => ({
        ...{ type: 'function_call', id: `fc_${call.id}`, call_id: call.id, status: 'completed' },
        ...{ name: call.name, arguments: call.arguments },
      })),
    ],
    usage: {
      ...{ input_tokens: input, output_tokens: output, total_tokens: input + output },
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
  };
}

/** An answer of the Responses API that is not ready, or that nobody wants any more. */
export const asWorking = (id: string, model: string, status: 'queued' | 'in_progress' | 'cancelled') => ({
  id,
  object: 'response',
  created_at: 0,
  model,
  status,
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
});

/** An answer of chat completions. */
export function asChat({ id, asked, answer }: Told) {
  const calls = answer.calls.map((call) => ({
    ...{ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } },
  }));
  const finish = calls.length > 0 ? 'tool_calls' : answer.cut ? 'length' : 'stop';
  const message = {
    role: 'assistant',
    content: answer.text === '' ? null : answer.text,
    refusal: answer.refusal,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const prompt = tokensOf(asked.length);
  const completion = tokensOf(outputLength(answer));
  return {
    ...{ id, object: 'chat.completion', created: 0, model: asked.model },
    choices: [{ index: 0, finish_reason: finish, message, logprobs: null }],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}
