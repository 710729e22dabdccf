import type { Json } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Message, ModelRequest, Part } from '../../models/port.ts';
import { DATA_RULE, markData } from '../model/data.ts';
import { attachments } from './attachments.ts';
import type { Prompt } from './prompt-fields.ts';
import { isBackground } from './request-fields.ts';

/** The request that the author's parameters make. Data, images and files go into the last message. */
export async function requestOf(ctx: NodeContext, given: Prompt): Promise<ModelRequest> {
  const { model, instructions, maxOutputTokens, temperature, reasoning, data = {}, images, files } = given;
  const { told, said } = await wordsOf(ctx, given);
  const names = Object.entries(data);
  const parts: Part[] = [
    ...names.map(([name, value]): Part => ({ kind: 'text', text: markData({ name, text: textOf(value) }) })),
    ...(await attachments(ctx, { images, files })),
  ];
  const hasData = names.length > 0 || files.length > 0;
  const rules = [...told, ...(instructions === undefined ? [] : [instructions]), ...(hasData ? [DATA_RULE] : [])];
  return {
    model,
    ...(rules.length > 0 && { instructions: rules.join('\n\n') }),
    messages: said.map((message, index) => messageOf(message, index === said.length - 1 ? parts : [])),
    maxOutputTokens,
    temperature,
    reasoning,
    background: isBackground(given),
  };
}

/** What is said to the model, and what a prompt of the workspace tells it beforehand. */
async function wordsOf(
  ctx: NodeContext,
  { prompt, messages }: Prompt,
): Promise<{ told: readonly string[]; said: NonNullable<Prompt['messages']> }> {
  if (typeof prompt !== 'object') return { told: [], said: messages ?? [{ role: 'user', text: prompt ?? '' }] };
  if (!ctx.prompts)
    throw new NodeError('prompt.notFound', `There are no prompts here, so none is called "${prompt.name}".`);
  const rendered = await ctx.prompts.render(prompt);
  return { told: rendered.instructions === null ? [] : [rendered.instructions], said: rendered.messages };
}

function messageOf({ role, text }: { role: 'user' | 'assistant'; text: string }, more: readonly Part[]): Message {
  if (role === 'assistant') return { role, text, toolCalls: [] };
  return { role, content: [{ kind: 'text', text }, ...more] };
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));
