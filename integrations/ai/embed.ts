import { z } from 'zod';
import { defineNode } from '../define.ts';
import { openJournal } from './parts/journal.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { vectorErrors } from './tasks/errors.ts';
import { costLimit, isBlank, modelField } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Version of how the texts are divided, which an attempt in progress must not change. */
const DIVISION = 1;

/** Makes vectors of texts. */
export const embed = defineNode({
  type: 'ai.embed',
  version: '1.0.0',
  title: 'Embed texts',
  description: 'Makes a vector of the meaning of each text, with which texts can be compared, searched and grouped.',
  connection: modelConnection,
  ...longTextPolicy,
  input: z.strictObject({
    model: modelField('text-embedding-3-small'),
    texts: z
      .array(z.string().refine((text) => !isBlank(text), 'is empty: an empty text has no meaning'))
      .max(2_000)
      .describe('The texts, at most 2,000. For more, use a `forEach` with batches.'),
    dimensions: z
      .int()
      .min(8)
      .max(10_000)
      .optional()
      .describe('Numbers in each vector, if the model can make shorter ones. Default: as many as it makes.'),
    maxCost: costLimit(),
  }),
  output: z.object({
    vectors: z.array(z.array(z.number())).describe('A vector for each text, in their order.'),
    dimensions: z.int().describe('Numbers in each vector; 0 if there are no texts.'),
    count: z.int().describe('How many vectors there are.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'Two questions of customers',
      with: { model: 'text-embedding-3-small', texts: ['Where is my parcel?', 'How do I return a lamp?'] },
    },
  ],
  errors: vectorErrors,
  notes: `
Texts are sent in batches, four at a time; a text that occurs twice is sent once. A batch that is finished is kept: after a failure or a crash it is neither asked
for nor paid for again. Compare only vectors of the same model. \`ai.similar\` compares them, \`ai.patterns\` groups them.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const { embedAll } = await import('./vectors/embed-all.ts');
    const { vectors, spent } = await embedAll(ctx, await openJournal(ctx, [DIVISION, parameters]), parameters);
    return {
      vectors: vectors.map((vector) => [...vector]),
      dimensions: vectors[0]?.length ?? 0,
      count: vectors.length,
      ...spent,
    };
  },
});
