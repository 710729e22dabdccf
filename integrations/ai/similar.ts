import { z } from 'zod';
import type { NodeContext } from '../context.ts';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { json } from '../schema.ts';
import { openJournal } from './parts/journal.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { vectorErrors } from './tasks/errors.ts';
import { costLimit, isBlank, modelField } from './tasks/fields.ts';
import { nothingSpent, type Spent, spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';
import { cosine, MOST_VECTORS, rounded, sameSize, unit, vector } from './vectors/vector.ts';

const input = z
  .strictObject({
    query: z.string().min(1).optional().describe('What is sought, as text.'),
    queryVector: vector().optional().describe('What is sought, as a vector of `ai.embed`.'),
    texts: z.array(z.string()).max(2_000).optional().describe('What is searched, as texts.'),
    vectors: z.array(vector()).max(MOST_VECTORS).optional().describe('What is searched, as vectors of `ai.embed`.'),
    items: z
      .array(json())
      .max(MOST_VECTORS)
      .optional()
      .describe('What the texts or vectors stand for, in their order: returned with the matches.'),
    maxCost: costLimit(),
    top: z.int().min(1).max(1_000).default(5).describe('Most matches.'),
    minScore: z.number().min(-1).max(1).default(-1).describe('Matches below this similarity are left out.'),
    model: modelField('text-embedding-3-small')
      .optional()
      .describe('The model that makes vectors of texts; not needed without texts.'),
  })
  .refine(({ query, queryVector }) => (query === undefined) !== (queryVector === undefined), {
    message: 'name exactly one of query and queryVector',
  })
  .refine(({ texts, vectors }) => (texts === undefined) !== (vectors === undefined), {
    message: 'name exactly one of texts and vectors',
  })
  .refine(({ query, texts, model }) => model !== undefined || (query === undefined && texts === undefined), {
    message: 'is needed to make vectors of texts',
    path: ['model'],
  })
  .refine(({ items, texts, vectors }) => items === undefined || items.length === (texts ?? vectors ?? []).length, {
    message: 'must be as many as there are texts or vectors',
    path: ['items'],
  });

type Input = z.output<typeof input>;

/** Version of how the texts are divided, which an attempt in progress must not change. */
const DIVISION = 1;

/** Finds what is most similar. */
export const similar = defineNode({
  type: 'ai.similar',
  version: '1.0.0',
  title: 'Find similar texts',
  description:
    'Finds what is most similar to a query by its meaning, among texts or among vectors that were made before.',
  connection: { ...modelConnection, required: false },
  ...longTextPolicy,
  input,
  output: z.object({
    matches: z
      .array(
        z.object({
          index: z.int().describe('Position in the list, from 0.'),
          score: z.number().describe('Similarity: 1 is the same meaning, 0 nothing in common.'),
          item: json().describe('The item at this position, or the text; null if only vectors are given.'),
        }),
      )
      .describe('The most similar first.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'The answer that fits a question best',
      with: {
        model: 'text-embedding-3-small',
        query: 'Where is my parcel?',
        texts: ['Parcels can be followed with their number.', 'Lamps can be returned within 30 days.'],
        top: 1,
      },
    },
    {
      title: 'Among vectors that were made before: needs no connection',
      with: {
        queryVector: [1, 0],
        vectors: [
          [0.9, 0.1],
          [0, 1],
        ],
        items: ['parcels', 'returns'],
      },
    },
  ],
  errors: { ...vectorErrors, 'ai.empty': '`query` is empty.' },
  notes: `
With vectors alone it computes, asks no model, and costs nothing. With texts it asks for their vectors in batches, as \`ai.embed\` does; whoever searches the same list
again and again embeds it once and keeps the vectors. Equal scores keep the order of the list. An empty text is similar to nothing.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const { query, vectors, spent } = await vectorsOf(ctx, parameters);
    const { texts, items, top, minScore } = parameters;
    const wanted = unit(query);
    const scored = vectors.map((one, index) => ({
      index,
      score: one === null ? -1 : rounded(cosine(wanted, unit(one))),
    }));
    const matches = scored
      .filter(({ index, score }) => vectors[index] !== null && score >= minScore)
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, top)
      .map((match) => ({ ...match, item: items?.[match.index] ?? texts?.[match.index] ?? null }));
    return { matches, ...spent };
  },
});

interface Compared {
  readonly query: readonly number[];
  /** Null: an empty text. */
  readonly vectors: readonly (readonly number[] | null)[];
  readonly spent: Spent;
}

async function vectorsOf(
  ctx: NodeContext,
  { query, queryVector, texts, vectors, model = '' }: Input,
): Promise<Compared> {
  const asked = [...(query === undefined ? [] : [query]), ...(texts ?? [])].filter((text) => !isBlank(text));
  const { embedAll } = await import('./vectors/embed-all.ts');
  const made =
    asked.length > 0
      ? await embedAll(ctx, await openJournal(ctx, [DIVISION, model, asked]), { model, texts: asked })
      : null;
  const byText = new Map(asked.map((text, at) => [text, made!.vectors[at]!]));
  const sought = queryVector ?? byText.get(query ?? '');
  if (sought === undefined) throw new NodeError('ai.empty', 'There is nothing to look for: `query` is empty.');
  const searched = vectors ?? texts!.map((text) => byText.get(text) ?? null);
  if (!sameSize([sought, ...searched.filter((one) => one !== null)])) {
    throw new NodeError(
      'ai.dimensions',
      `The vectors do not all have the same number of values (the query has ${sought.length}). Compare vectors of one model.`,
    );
  }
  return { query: sought, vectors: searched, spent: made?.spent ?? nothingSpent(model) };
}
