import { Buffer } from 'node:buffer';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { calling } from '../failures/classify.ts';
import { MAX_IMAGE_ANSWER_BYTES } from '../models/bounded-fetch.ts';
import type { ModelProvider } from '../models/port.ts';
import { fieldsOf, listOf, textOf } from '../models/read.ts';
import { reportedUsage } from '../models/usage.ts';
import { readGenerated } from './answer.ts';
import { openClient } from './client.ts';
import { errors } from './errors.ts';
import { generateParameters } from './request.ts';

/** Models of Google Gemini. */
export async function geminiModels(ctx: NodeContext): Promise<ModelProvider> {
  const client = await openClient(ctx);
  return {
    provider: 'gemini',
    async ask(asking, request) {
      const { config, ...parameters } = generateParameters(request);
      const answer = await charged(asking, 'POST :generateContent', () =>
        client.models.generateContent({ ...parameters, config: { ...config, abortSignal: asking.signal } } as never),
      );
      return readGenerated(answer, request.model);
    },
    async embed(asking, { model, texts, dimensions }) {
      const what = 'POST :batchEmbedContents';
      // A list of texts would be taken for the parts of one.
      const contents = texts.map((text) => ({ parts: [{ text }] }));
      const config = {
        abortSignal: asking.signal,
        ...(dimensions !== undefined && { outputDimensionality: dimensions }),
      };
      const answer = await charged(asking, what, () => client.models.embedContent({ model, contents, config }));
      const vectors = listOf(fieldsOf(answer).embeddings).map(
        (each) => listOf(fieldsOf(each).values) as readonly number[],
      );
      if (vectors.length !== texts.length)
        throw notAnAnswer(what, `${vectors.length} vectors for ${texts.length} texts`);
      const { promptTokenCount: input } = fieldsOf(fieldsOf(answer).usageMetadata);
      return { vectors, usage: reportedUsage({ input }, false) };
    },
    generateImage,
  };
}

/** The provider's models for images answer in the form of its models for text. */
const generateImage: NonNullable<ModelProvider['generateImage']> = async (ctx, { model, prompt, size }) => {
  const what = 'POST :generateContent';
  const client = await openClient(ctx, MAX_IMAGE_ANSWER_BYTES);
  const config = {
    abortSignal: ctx.signal,
    responseModalities: ['IMAGE'],
    ...(size !== undefined && { imageConfig: { imageSize: size } }),
  };
  const answer = await charged(ctx, what, () => client.models.generateContent({ model, contents: prompt, config }));
  const { usage, refusal } = readGenerated(answer, model);
  const [candidate] = listOf(fieldsOf(answer).candidates);
  const parts = listOf(fieldsOf(fieldsOf(candidate).content).parts);
  const image = parts.map((part) => fieldsOf(fieldsOf(part).inlineData)).find(({ data }) => textOf(data) !== null);
  if (image === undefined) throw notAnAnswer(what, refusal ?? 'no image');
  const mediaType = textOf(image.mimeType) ?? 'image/png';
  return { mediaType, bytes: Buffer.from(textOf(image.data)!, 'base64'), usage: usage && { ...usage, images: 1 } };
};

const charged = <T>(ctx: NodeContext, what: string, work: () => Promise<T>): Promise<T> =>
  calling(ctx, errors, { what, writes: true, mayRepeat: true }, work);

const notAnAnswer = (what: string, why: string): NodeError =>
  new NodeError('gemini.answer', `${what}: the server answered 200 with ${why}.`, { unknown: true });
