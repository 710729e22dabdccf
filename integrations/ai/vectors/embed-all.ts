import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { inParallel } from '../parts/in-parallel.ts';
import type { Journal } from '../parts/journal.ts';
import { weigh } from '../parts/weigh.ts';
import type { Answered } from '../tasks/ask-for.ts';
import { embedTexts } from '../tasks/services.ts';
import { type Spent, together } from '../tasks/spent.ts';
import { sameSize } from './vector.ts';

/** Texts and tokens of one call. Providers take 2,048 texts and about 300,000 tokens at most. */
const MOST_TEXTS = 512;
const MOST_TOKENS = 100_000;

/** Texts whose vectors are wanted. */
export interface Embedding {
  readonly model: string;
  readonly texts: readonly string[];
  readonly dimensions?: number | undefined;
}

/**
 * Vectors of many texts, in their order: in batches, four at a time, each kept as soon as it is there. A text that occurs
 * several times is asked for once.
 *
 * @throws NodeError `ai.dimensions` if the batches came back in different sizes, and what `embedTexts` throws
 */
export async function embedAll(
  ctx: NodeContext,
  journal: Journal,
  { model, texts, dimensions }: Embedding,
): Promise<{ vectors: readonly (readonly number[])[]; spent: Spent }> {
  const batches = batchesOf([...new Set(texts)]);
  const answers = await inParallel(batches, 4, (batch, at) =>
    journal.part<Answered<string>>(`vectors.${at}`, async () => {
      const { value, spent } = await embedTexts(ctx, { model, texts: batch, dimensions });
      return { value: packed(value), spent };
    }),
  );
  const vectors = new Map(
    answers.flatMap(({ value }, at) => {
      const batch = batches[at]!;
      return unpacked(value, batch.length).map((vector, nth) => [batch[nth]!, vector] as const);
    }),
  );
  if (!sameSize([...vectors.values()]))
    throw new NodeError('ai.dimensions', `The provider made vectors of different sizes. Is ${model} one model?`);
  return { vectors: texts.map((text) => vectors.get(text)!), spent: together(model, answers) };
}

function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let [batch, weight]: [string[], number] = [[], 0];
  for (const text of texts) {
    const more = weigh(text);
    if (batch.length > 0 && (batch.length >= MOST_TEXTS || weight + more > MOST_TOKENS)) {
      batches.push(batch);
      [batch, weight] = [[], 0];
    }
    batch.push(text);
    weight += more;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

/** Vectors of the same size as base64: exact, and a third of what they are as JSON. */
const packed = (vectors: readonly (readonly number[])[]): string =>
  Buffer.from(Float64Array.from(vectors.flat()).buffer).toString('base64');

function unpacked(text: string, count: number): number[][] {
  const bytes = Buffer.from(text, 'base64');
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const size = values.length / count;
  return Array.from({ length: count }, (_, nth) => [...values.subarray(nth * size, (nth + 1) * size)]);
}
