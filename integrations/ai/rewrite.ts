import { z } from 'zod';
import { defineNode } from '../define.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { writingErrors } from './tasks/errors.ts';
import { costLimit, language, modelField, partTokens, reasoning } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';

const input = z
  .strictObject({
    model: modelField(),
    text: z.string().describe('The text, of any length.'),
    instructions: z
      .string()
      .min(1)
      .max(20_000)
      .optional()
      .describe(
        'What to change, such as `Correct the spelling` or `Write it for children`. Put no data of others into it.',
      ),
    tone: z.enum(['formal', 'friendly', 'neutral', 'persuasive', 'simple']).optional().describe('How it should sound.'),
    length: z.enum(['same', 'shorter', 'longer']).optional().describe('How long it should become.'),
    language: language().optional().describe('The language to write in. Default: that of the text.'),
    partTokens: partTokens(2_000),
    reasoning: reasoning(),
    maxCost: costLimit(),
  })
  .refine(({ instructions, tone, length }) => (instructions ?? tone ?? length) !== undefined, {
    message: 'say what to change: instructions, tone or length',
  });

/** Writes a text anew. */
export const rewrite = defineNode({
  type: 'ai.rewrite',
  version: '1.0.0',
  title: 'Rewrite a text',
  description:
    'Writes a text of any length anew: in another tone, shorter, corrected, or as you say, without adding facts.',
  connection: modelConnection,
  ...longTextPolicy,
  input,
  output: z.object({
    text: z.string().describe('The new text.'),
    parts: z.int().describe('In how many parts it was written.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'A polite answer',
      with: {
        model: 'gpt-6-luna',
        text: 'No. We cant do that before june.',
        tone: 'friendly',
        instructions: 'Correct the spelling.',
      },
    },
  ],
  errors: writingErrors,
  notes: `
A long text is divided between paragraphs, or sentences, and written part by part, four at a time; to make a long text much shorter, use \`ai.summarize\`. A part that is
finished is kept: after a failure or a crash it is neither asked for nor paid for again.
`.trim(),
  async run(ctx, parameters) {
    const { rewriteParts } = await import('./tasks/rewrite-parts.ts');
    return rewriteParts(ctx, parameters, instructionsOf(parameters));
  },
});

function instructionsOf({ instructions, tone, length, language: to }: z.output<typeof input>): string[] {
  return [
    'Rewrite the text. Answer with the new text and nothing else. Add no facts, and keep names, numbers, links and marks such as Markdown.',
    ...(instructions === undefined ? [] : [instructions]),
    ...(tone === undefined ? [] : [`The tone is ${tone}.`]),
    ...(length === undefined ? [] : [length === 'same' ? 'Keep the length.' : `Make it ${length}.`]),
    to === undefined ? 'Write in the language of the text.' : `Write in ${to}.`,
  ];
}
