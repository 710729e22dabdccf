import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { CallMemory, ModelAnswer, ModelProvider, ModelRequest } from '../../models/port.ts';
import type { CallCost } from '../../spending.ts';
import { estimateOf } from '../prices/estimate.ts';
import { charge } from './charge.ts';
import { refuseSecrets } from './secrets.ts';
import { textsOf } from './texts.ts';

/** An answer, and what it cost. */
export type PaidAnswer = Omit<ModelAnswer, 'usage'> & CallCost;

/**
 * Asks a model once, within the budgets. All nodes ask through this function.
 *
 * @param memory of this one call: with it, an answer in the background survives a crash
 * @throws NodeError `ai.budget`, `ai.secret`, `ai.tooLong`, and what the provider throws
 */
export async function askModel(
  ctx: NodeContext,
  provider: ModelProvider,
  request: ModelRequest,
  memory?: CallMemory,
): Promise<PaidAnswer> {
  const texts = textsOf(request);
  refuseSecrets(ctx, texts);
  requireLength(texts);
  // Only a call in the background leaves an id behind.
  const known = request.background ? await memory?.read() : null;
  const planned = {
    provider: provider.provider,
    model: request.model,
    estimate: estimateOf({ texts, ...attached(request), maxOutputTokens: request.maxOutputTokens }),
    ...(known && { continues: known }),
  };
  const { result, usage, cost } = await charge(ctx, planned, async (reservation) => {
    const remembered = memory && {
      read: async () => known ?? null,
      write: async (id: string) => {
        await memory.write(id);
        await reservation?.began(id);
      },
      clear: () => memory.clear(),
    };
    const answer = await provider.ask(ctx, request, remembered);
    return { result: answer, usage: answer.usage, id: answer.id };
  });
  return { ...result, usage, cost };
}

/** Characters of one request: several times what any model reads. */
const MOST_CHARACTERS = 16_000_000;

function requireLength(texts: readonly string[]): void {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length <= MOST_CHARACTERS) return;
  throw new NodeError(
    'ai.tooLong',
    `The request has ${length} characters; at most ${MOST_CHARACTERS} are sent. Give a part of the text, or a summary.`,
  );
}

function attached({ messages }: ModelRequest): { images: number; fileBytes: number } {
  const parts = messages.flatMap((message) => (message.role === 'user' ? message.content : []));
  const files = parts.flatMap((part) => (part.kind === 'file' ? [part.base64.length] : []));
  const images = parts.filter(({ kind }) => kind === 'image').length;
  return { images, fileBytes: Math.ceil(files.reduce((sum, length) => sum + length, 0) * 0.75) };
}
