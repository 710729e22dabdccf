import { z } from 'zod';
import { defineNode } from '../define.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { writingErrors } from './tasks/errors.ts';
import { asking, isBlank, language, modelField, partTokens } from './tasks/fields.ts';
import { nothingSpent, spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Version of how the text is divided, which an attempt in progress must not change. */
const DIVISION = 1;

const input = z.strictObject({
  model: modelField(),
  text: z.string().describe('The text, of any length.'),
  as: z
    .enum(['paragraphs', 'bullets', 'headline'])
    .default('paragraphs')
    .describe('Form of the summary: text, a list with `- `, or one line.'),
  words: z.int().min(5).max(5_000).default(150).describe('About how many words the summary may have.'),
  focus: z.string().max(2_000).optional().describe('What matters most to the reader, such as `costs and deadlines`.'),
  language: language().optional().describe('The language to write in. Default: that of the text.'),
  partTokens: partTokens(6_000),
  ...asking(),
});

/** Summarizes a text of any length. */
export const summarize = defineNode({
  type: 'ai.summarize',
  version: '1.0.0',
  title: 'Summarize a text',
  description: 'Summarizes a text of any length: long ones part by part, then the notes about the parts.',
  connection: modelConnection,
  ...longTextPolicy,
  input,
  output: z.object({
    summary: z.string().describe('The summary; empty if the text is.'),
    parts: z.int().describe('In how many parts the text was read.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'Minutes of a meeting',
      with: {
        model: 'gpt-6-luna',
        text: 'Ann opened the meeting at nine. The budget was agreed on; Ben asks suppliers for prices until Friday.',
        as: 'bullets',
        focus: 'who does what until when',
      },
    },
  ],
  errors: writingErrors,
  notes: `
A text of more than \`partTokens\` is divided between chapters, paragraphs or sentences. A model takes notes of each part, four parts at a time; notes that are still too
long are summarized in the same way, until the last call writes the summary. Every finished part is kept: after a failure, a crash or \`kill -9\`
it is neither asked for nor paid for again. \`document.text\` makes text of a document.
`.trim(),
  async run(step, { maxCost, text, ...wish }) {
    const ctx = within(step, maxCost);
    if (isBlank(text)) return { summary: '', parts: 0, ...nothingSpent(wish.model) };
    const { summarizeParts } = await import('./tasks/summarize-parts.ts');
    const { spent, ...summarized } = await summarizeParts(ctx, { text, wish, of: [DIVISION, text, wish] });
    return { ...summarized, ...spent };
  },
});
