import { Buffer } from 'node:buffer';
import type { NodeContext } from '../context.ts';
import { MAX_IMAGE_ANSWER_BYTES } from '../models/bounded-fetch.ts';
import { dataUrl, unsupported } from '../models/part.ts';
import type { ModelProvider, Part } from '../models/port.ts';
import { countOf, fieldsOf, listOf, textOf } from '../models/read.ts';
import { reportedUsage } from '../models/usage.ts';
import { NO_USAGE } from '../spending.ts';
import { charged, notAnAnswer } from './call.ts';
import { type OpenAiClient, openClient } from './client.ts';

/** A service beside answers in text, as the port names it. */
type Service<Name extends 'embed' | 'moderate' | 'transcribe'> = (
  ctx: NodeContext,
  opened: OpenAiClient,
  request: Parameters<NonNullable<ModelProvider[Name]>>[1],
) => ReturnType<NonNullable<ModelProvider[Name]>>;

/** Turns texts into vectors. */
export const embed: Service<'embed'> = async (ctx, { client }, { model, texts, dimensions }) => {
  const what = 'POST /embeddings';
  const body = { model, input: texts, encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) };
  const answer = fieldsOf(await charged(ctx, what, () => client.post('/embeddings', { body, signal: ctx.signal })));
  const rows = listOf(answer.data).map(fieldsOf);
  const vectors = rows
    .toSorted((a, b) => countOf(a.index) - countOf(b.index))
    .map(({ embedding }) => listOf(embedding) as readonly number[]);
  if (vectors.length !== texts.length || vectors.some((vector) => vector.length === 0)) throw notAnAnswer(what);
  return { vectors, usage: reportedUsage({ input: fieldsOf(answer.usage).prompt_tokens }, false) };
};

/** Says what a text or an image holds that may have to be kept from people. */
export const moderate: Service<'moderate'> = async (ctx, { client }, { model, parts }) => {
  const what = 'POST /moderations';
  const body = { model, input: parts.map(moderated) };
  const answer = await charged(ctx, what, () => client.post('/moderations', { body, signal: ctx.signal }));
  const results = listOf(fieldsOf(answer).results).map(fieldsOf);
  if (results.length === 0) throw notAnAnswer(what);
  const scores: Record<string, number> = {};
  for (const { category_scores: each } of results)
    for (const [name, score] of Object.entries(fieldsOf(each)))
      scores[name] = Math.max(scores[name] ?? 0, countOf(score));
  return { flagged: results.some(({ flagged }) => flagged === true), scores };
};

function moderated(part: Part): unknown {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  if (part.kind === 'image') return { type: 'image_url', image_url: { url: dataUrl(part) } };
  throw unsupported('openai', 'files for moderation');
}

/** Writes down what is said in a recording. */
export const transcribe: Service<'transcribe'> = async (ctx, { client }, { model, file, language }) => {
  const what = 'POST /audio/transcriptions';
  const recording = new File([new Uint8Array(file.bytes)], file.name, { type: file.mediaType });
  const answer = fieldsOf(
    await charged(ctx, what, () =>
      client.audio.transcriptions.create(
        { file: recording, model, response_format: 'json', ...(language !== undefined && { language }) },
        { signal: ctx.signal },
      ),
    ),
  );
  const text = textOf(answer.text);
  if (text === null) throw notAnAnswer(what);
  const { input_tokens: input, output_tokens: output, seconds, type } = fieldsOf(answer.usage);
  if (type !== 'duration') return { text, usage: reportedUsage({ input, output }, text !== '') };
  return { text, usage: countOf(seconds) > 0 ? { ...NO_USAGE, seconds: countOf(seconds) } : null };
};

/** Makes an image. The answer is large, so it has a client with a limit of its own. */
export async function generateImage(
  ctx: NodeContext,
  { model, prompt, size }: Parameters<NonNullable<ModelProvider['generateImage']>>[1],
): ReturnType<NonNullable<ModelProvider['generateImage']>> {
  const what = 'POST /images/generations';
  const { client } = await openClient(ctx, MAX_IMAGE_ANSWER_BYTES);
  const body = {
    ...{ model, prompt, n: 1, ...(size !== undefined && { size }) },
    // Newer models always answer with the bytes, and refuse to be told so.
    ...(model.startsWith('dall-e') && { response_format: 'b64_json' }),
  };
  const answer = fieldsOf(
    await charged(ctx, what, () => client.post('/images/generations', { body, signal: ctx.signal })),
  );
  const base64 = textOf(fieldsOf(listOf(answer.data)[0]).b64_json);
  if (base64 === null) throw notAnAnswer(what);
  const { input_tokens: input, output_tokens: output } = fieldsOf(answer.usage);
  const used = reportedUsage({ input, output }, true);
  return {
    mediaType: `image/${textOf(answer.output_format) ?? 'png'}`,
    bytes: Buffer.from(base64, 'base64'),
    usage: used && { ...used, images: 1 },
  };
}
