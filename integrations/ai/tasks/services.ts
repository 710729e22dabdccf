import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ModelProvider, Part } from '../../models/port.ts';
import { imageFormat } from '../../parsing/image-format.ts';
import { type ModelUsage, NO_USAGE, type PlannedCall } from '../../spending.ts';
import { charge } from '../model/charge.ts';
import { openModel } from '../model/open.ts';
import { refuseSecrets } from '../model/secrets.ts';
import { estimateOf } from '../prices/estimate.ts';
import type { Answered } from './ask-for.ts';

/** What a provider does besides answering, and what it is called in an error. */
const SERVICES = {
  embed: 'vectors of texts',
  moderate: 'moderation',
  transcribe: 'transcription',
  generateImage: 'making images',
} as const;

/** The provider of the connection, which must have a service. */
async function withService<S extends keyof typeof SERVICES>(
  ctx: NodeContext,
  service: S,
): Promise<{ provider: string; call: NonNullable<ModelProvider[S]> }> {
  const opened = await openModel(ctx);
  const call = opened[service];
  if (call !== undefined) return { provider: opened.provider, call };
  throw new NodeError(
    'ai.unsupported',
    `The provider ${opened.provider} has no service for ${SERVICES[service]}. Use a connection to another one.`,
  );
}

/** Makes a call of a service within the budgets. */
async function paid<R extends { readonly usage: ModelUsage | null }>(
  ctx: NodeContext,
  planned: PlannedCall,
  work: () => Promise<R>,
): Promise<Answered<R>> {
  const { result, usage, cost } = await charge(ctx, planned, async () => {
    const made = await work();
    return { result: made, usage: made.usage, id: null };
  });
  return { value: result, spent: { model: planned.model, usage, cost } };
}

/** A vector for each text. */
export async function embedTexts(
  ctx: NodeContext,
  request: { readonly model: string; readonly texts: readonly string[]; readonly dimensions?: number | undefined },
): Promise<Answered<readonly (readonly number[])[]>> {
  const { model, texts } = request;
  refuseSecrets(ctx, texts);
  const { provider, call } = await withService(ctx, 'embed');
  const planned = { provider, model, estimate: estimateOf({ texts, maxOutputTokens: 0 }) };
  const { value, spent } = await paid(ctx, planned, () => call(ctx, request));
  const { vectors } = value;
  const size = vectors[0]?.length;
  if (
    vectors.length !== texts.length ||
    !vectors.every((vector) => vector.length === size && vector.every(Number.isFinite))
  ) {
    throw new NodeError(
      'ai.invalid',
      `The provider did not answer with ${texts.length} vectors of one size. Is ${model} a model for vectors?`,
    );
  }
  return { value: vectors, spent };
}

/** How harmful a text or an image is, by category. Providers do not charge for it. */
export async function moderateParts(
  ctx: NodeContext,
  request: { readonly model: string; readonly parts: readonly Part[] },
): Promise<{ readonly flagged: boolean; readonly scores: Readonly<Record<string, number>> }> {
  refuseSecrets(
    ctx,
    request.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
  );
  const { provider, call } = await withService(ctx, 'moderate');
  const planned = { provider, model: request.model, estimate: NO_USAGE };
  const { value } = await paid(ctx, planned, async () => ({ ...(await call(ctx, request)), usage: NO_USAGE }));
  return { flagged: value.flagged, scores: value.scores };
}

/** Bytes of a second of speech that is compressed well: a recording is hardly ever longer than its size says by this. */
const BYTES_PER_SECOND = 2_000;
/** Tokens of a second, where providers count tokens. */
const TOKENS_HEARD = 50;
const TOKENS_WRITTEN = 5;

/** What is said in a recording. */
export async function transcribeFile(
  ctx: NodeContext,
  request: Parameters<NonNullable<ModelProvider['transcribe']>>[1],
): Promise<Answered<string>> {
  const { provider, call } = await withService(ctx, 'transcribe');
  const { model, file } = request;
  const seconds = Math.ceil(file.bytes.byteLength / BYTES_PER_SECOND);
  const estimate = { ...NO_USAGE, input: seconds * TOKENS_HEARD, output: seconds * TOKENS_WRITTEN, seconds };
  const { value, spent } = await paid(ctx, { provider, model, estimate }, () => call(ctx, request));
  return { value: value.text, spent };
}

/** Tokens of the largest image, where providers count tokens. */
const TOKENS_OF_IMAGE = 10_000;

/**
 * An image of a description. Its format is that of its bytes, whatever the provider says.
 *
 * @throws NodeError `ai.invalid`
 */
export async function makeImage(
  ctx: NodeContext,
  request: Parameters<NonNullable<ModelProvider['generateImage']>>[1],
): Promise<Answered<{ readonly mediaType: string; readonly bytes: Uint8Array }>> {
  refuseSecrets(ctx, [request.prompt]);
  const { provider, call } = await withService(ctx, 'generateImage');
  const { model, prompt } = request;
  const estimate = { ...estimateOf({ texts: [prompt], maxOutputTokens: TOKENS_OF_IMAGE }), images: 1 };
  const { value, spent } = await paid(ctx, { provider, model, estimate }, () => call(ctx, request));
  const format = imageFormat(Buffer.from(value.bytes));
  if (format === null)
    throw new NodeError('ai.invalid', `The provider answered with bytes that are no image. Does ${model} make images?`);
  return { value: { bytes: value.bytes, mediaType: `image/${format}` }, spent };
}
