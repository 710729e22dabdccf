import { z } from 'zod';
import { defineNode } from '../define.ts';
import { ONE_SOURCE, oneSource, textSourceFields } from '../parsing/source.ts';
import { inParallel } from './parts/in-parallel.ts';
import { openJournal } from './parts/journal.ts';
import { splitText } from './parts/split.ts';
import { modelConnection, modelErrors, modelPolicy } from './policy.ts';
import { mediaErrors } from './tasks/errors.ts';
import { isBlank, modelField } from './tasks/fields.ts';

/** Tokens of text that one call judges. */
const PART = 8_000;
/** Version of how the text is divided, which an attempt in progress must not change. */
const DIVISION = 1;

/** Says whether a text or an image is harmful. */
export const moderate = defineNode({
  type: 'ai.moderate',
  version: '1.0.0',
  title: 'Moderate a text or an image',
  description: 'Says whether a text of any length or an image is hateful, violent or otherwise harmful, by category.',
  connection: modelConnection,
  ...modelPolicy,
  input: z
    .strictObject({
      model: modelField('omni-moderation-latest').default('omni-moderation-latest'),
      ...textSourceFields(),
      threshold: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('A category is harmful from this score on. Default: what the provider holds for harmful.'),
      categories: z
        .array(z.string())
        .optional()
        .describe('Only these categories count, such as `violence`. Default: all that the provider knows.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    flagged: z.boolean().describe('Whether it is harmful.'),
    categories: z
      .array(z.string())
      .describe('The categories from `threshold` on, the highest first; without `threshold`, from 0.5 on.'),
    scores: z.record(z.string(), z.number()).describe('How harmful it is, by category, from 0 to 1.'),
    model: z.string().describe('The model.'),
  }),
  examples: [{ title: 'A comment before it is published', with: { text: 'What a lovely day!', threshold: 0.4 } }],
  errors: { ...modelErrors, ...mediaErrors },
  notes: `
\`path\`, \`base64\` and \`blob\` name an image. A long text is judged part by part, and its score in a category is the highest of any part. Anthropic and Gemini have no
such service: with their connections the node fails with \`ai.unsupported\`, and \`ai.classify\` with labels of your own may serve.
`.trim(),
  async run(ctx, { model, text, threshold, categories, ...source }) {
    if (text !== undefined && isBlank(text)) return { flagged: false, categories: [], scores: {}, model };
    const [{ moderateParts }, { imagePart }] = await Promise.all([
      import('./tasks/services.ts'),
      import('./tasks/media.ts'),
    ]);
    const parts = text === undefined ? [await imagePart(ctx, source)] : splitText(text, PART).map(textPart);
    const journal = await openJournal(ctx, [DIVISION, model, text ?? source]);
    const judged = await inParallel(parts, 4, (part, at) =>
      journal.part(`${at}`, () => moderateParts(ctx, { model, parts: [part] })),
    );
    const scores = highest(judged.map((one) => one.scores)).filter(([name]) => categories?.includes(name) ?? true);
    const found = scores.filter(([, score]) => score >= (threshold ?? 0.5)).map(([name]) => name);
    const byProvider = categories === undefined && threshold === undefined;
    return {
      flagged: byProvider ? judged.some(({ flagged }) => flagged) : found.length > 0,
      categories: found,
      scores: Object.fromEntries(scores),
      model,
    };
  },
});

const textPart = (text: string) => ({ kind: 'text', text }) as const;

/** The highest score of each category, the highest category first. */
function highest(all: readonly Readonly<Record<string, number>>[]): [string, number][] {
  const most = new Map<string, number>();
  for (const scores of all) {
    for (const [name, score] of Object.entries(scores)) most.set(name, Math.max(score, most.get(name) ?? 0));
  }
  return [...most].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}
