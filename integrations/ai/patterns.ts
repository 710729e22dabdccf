import { z } from 'zod';
import type { NodeContext } from '../context.ts';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { RETIRED_MODELS } from './model/models.ts';
import { type Journal, openJournal } from './parts/journal.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { shapeErrors, vectorErrors } from './tasks/errors.ts';
import { asking, isBlank, modelField } from './tasks/fields.ts';
import { nothingSpent, type Spent, spentOutput, together } from './tasks/spent.ts';
import { within } from './tasks/within.ts';
import { sameSize, vector } from './vectors/vector.ts';

/** Most members of a list: the work grows with the square. */
const MOST = 2_000;

const input = z
  .strictObject({
    texts: z
      .array(z.string())
      .max(MOST)
      .optional()
      .describe('The list, as texts: at most 2,000. Empty ones are left out.'),
    vectors: z
      .array(vector())
      .max(MOST)
      .optional()
      .describe(
        'Vectors of the list, as `ai.embed` returns them. With `texts`, those of the texts, which are then not made again.',
      ),
    clusters: z
      .int()
      .min(1)
      .max(200)
      .optional()
      .describe('How many groups to make. Default: as many as the list suggests.'),
    similarity: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('How alike members of a group are at least, on average. Instead of `clusters`.'),
    minSize: z.int().min(1).max(100).default(3).describe('Smaller groups are none: their members are outliers.'),
    model: modelField('text-embedding-3-small')
      .optional()
      .describe('The model that makes vectors of texts. Not needed with `vectors`.'),
    naming: modelField()
      .optional()
      .describe('A model that gives each group a name and says what its members have in common. Needs `texts`.'),
    ...asking(),
  })
  .refine(({ texts, vectors }) => texts !== undefined || vectors !== undefined, {
    message: 'name texts, vectors or both',
  })
  .refine(({ texts, vectors }) => texts === undefined || vectors === undefined || texts.length === vectors.length, {
    message: 'must be as many as there are texts',
    path: ['vectors'],
  })
  .refine(({ vectors, model }) => vectors !== undefined || model !== undefined, {
    message: 'is needed to make vectors of texts',
    path: ['model'],
  })
  .refine(({ texts, naming }) => naming === undefined || texts !== undefined, {
    message: 'needs texts to read',
    path: ['naming'],
  })
  .refine(({ clusters, similarity }) => clusters === undefined || similarity === undefined, {
    message: 'name clusters or similarity, not both',
  });

type Input = z.output<typeof input>;

/** Version of how the work is divided, which an attempt in progress must not change. */
const DIVISION = 1;

/** Finds what belongs together in a list. */
export const patterns = defineNode({
  type: 'ai.patterns',
  version: '1.0.0',
  title: 'Patterns in a list',
  description:
    'Finds groups of similar texts in a list, and the outliers that belong to none, and names the groups if you wish.',
  connection: { ...modelConnection, required: false },
  ...longTextPolicy,
  retires: { model: RETIRED_MODELS, naming: RETIRED_MODELS },
  input,
  output: z.object({
    clusters: z
      .array(
        z.object({
          name: z.string().nullable().describe('Name of the group; null without `naming`.'),
          description: z.string().nullable().describe('What its members have in common; null without `naming`.'),
          size: z.int().describe('How many members it has.'),
          members: z.array(z.int()).describe('Positions in the list, from 0, the most typical first.'),
          examples: z.array(z.string()).describe('The three most typical texts; empty if only vectors are given.'),
          cohesion: z.number().describe('How alike the members are, up to 1.'),
        }),
      )
      .describe('The largest first.'),
    outliers: z
      .array(
        z.object({
          index: z.int().describe('Position in the list, from 0.'),
          text: z.string().nullable().describe('The text; null if only vectors are given.'),
          distance: z.number().describe('How far it is from the nearest group, from 0.'),
        }),
      )
      .describe('The most distant first.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'What customers complain of',
      with: {
        model: 'text-embedding-3-small',
        naming: 'gpt-6-luna',
        texts: ['The parcel is late', 'My parcel never came', 'Where is the parcel?', 'I was charged twice'],
      },
    },
    {
      title: 'Vectors that were made before: needs no connection',
      with: {
        vectors: [
          [1, 0],
          [0.9, 0.1],
          [0, 1],
          [0.1, 0.9],
        ],
        clusters: 2,
        minSize: 2,
      },
    },
  ],
  errors: { ...shapeErrors, ...vectorErrors },
  notes: `
The groups are computed from the vectors (hierarchical clustering by mean distances), and are the same each time; without \`clusters\` and \`similarity\`, the division
is chosen in which members are nearest to their own group, compared with the next one (silhouette). A model is asked only for vectors, and for names. What has been asked is
kept: after a failure or a crash it is not paid for again.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const journal = await openJournal(ctx, [DIVISION, parameters]);
    const { texts, minSize, clusters: groups, similarity } = parameters;
    const { places, vectors, spent } = await vectorsOf(ctx, journal, parameters);
    const [{ clustersOf }, { distanceBytes }] = await Promise.all([
      import('./vectors/clusters.ts'),
      import('./vectors/distances.ts'),
    ]);
    await ctx.hold(2 * distanceBytes(vectors.length));
    const found = await clustersOf(vectors, { groups, similarity, minSize }, ctx.signal);
    const clusters = found.clusters.map(({ members, cohesion }) => {
      const own = members.map((member) => places[member]!);
      const examples = texts === undefined ? [] : own.slice(0, 3).map((place) => texts[place]!);
      return { name: null, description: null, size: own.length, members: own, examples, cohesion };
    });
    const outliers = found.outliers.map(({ index, distance }) => {
      const place = places[index]!;
      return { index: place, text: texts?.[place] ?? null, distance };
    });
    const { naming } = parameters;
    if (naming === undefined || clusters.length === 0) return { clusters, outliers, ...spent };
    const { nameClusters } = await import('./tasks/name-clusters.ts');
    const names = await nameClusters(ctx, journal, { ...parameters, model: naming, texts: texts!, clusters });
    return {
      clusters: clusters.map((cluster, at) => ({ ...cluster, ...names.value[at] })),
      outliers,
      ...together(naming, [{ spent }, names]),
    };
  },
});

interface Placed {
  /** Where each vector's text stands in the list. */
  readonly places: readonly number[];
  readonly vectors: readonly (readonly number[])[];
  readonly spent: Spent;
}

async function vectorsOf(ctx: NodeContext, journal: Journal, { texts, vectors, model = '' }: Input): Promise<Placed> {
  if (vectors !== undefined) {
    if (!sameSize(vectors)) {
      throw new NodeError(
        'ai.dimensions',
        'The vectors do not all have the same number of values. Use vectors of one model.',
      );
    }
    return { places: [...vectors.keys()], vectors, spent: nothingSpent(model) };
  }
  const places = [...texts!.keys()].filter((place) => !isBlank(texts![place]!));
  const { embedAll } = await import('./vectors/embed-all.ts');
  const made = await embedAll(ctx, journal, { model, texts: places.map((place) => texts![place]!) });
  return { places, ...made };
}
