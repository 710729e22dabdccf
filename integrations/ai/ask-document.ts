import { z } from 'zod';
import { defineNode } from '../define.ts';
import { text as documentText } from '../document/text.ts';
import { parsingPolicy } from '../parsing/failures.ts';
import { ONE_SOURCE, oneSource, textSourceFields } from '../parsing/source.ts';
import { RETIRED_MODELS } from './model/models.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, language, modelField } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Version of how the document is divided, which an attempt in progress must not change. */
const DIVISION = 1;

const input = z
  .strictObject({
    model: modelField(),
    question: z.string().min(1).max(10_000).describe('The question.'),
    ...textSourceFields(),
    contextTokens: z
      .int()
      .min(1_000)
      .max(200_000)
      .default(12_000)
      .describe(
        'About how many tokens of the document the model sees. A document that is not longer is shown as a whole.',
      ),
    embeddingModel: modelField('text-embedding-3-small')
      .optional()
      .describe(
        'A model for vectors: passages of a long document are then found by their meaning. Default: by the words of the question.',
      ),
    language: language().optional().describe('The language of the answer. Default: that of the question.'),
    ...asking(),
  })
  .refine(oneSource, ONE_SOURCE);

/** Answers a question from a document. */
export const askDocument = defineNode({
  type: 'ai.askDocument',
  version: '1.0.0',
  title: 'Ask a document',
  description:
    'Answers a question from a document of any kind, with the passages that prove the answer and the pages where they stand.',
  connection: modelConnection,
  ...longTextPolicy,
  queue: parsingPolicy.queue,
  retires: { model: RETIRED_MODELS, embeddingModel: RETIRED_MODELS },
  input,
  output: z.object({
    found: z.boolean().describe('Whether the document answers the question.'),
    answer: z.string().nullable().describe('The answer; null if the document does not hold it.'),
    quotes: z
      .array(
        z.object({
          text: z.string().describe('The passage, to the letter.'),
          page: z.int().describe('Page, slide or sheet, from 1; 1 for kinds without pages.'),
          start: z.int().describe('Letters of the page before the passage.'),
        }),
      )
      .describe('What proves the answer.'),
    title: z.string().nullable().describe('Title of the document, if it has one.'),
    pages: z.int().describe('How many pages the document has.'),
    shown: z.array(z.int()).describe('Pages of which the model saw a passage.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'When a contract ends',
      with: { model: 'gpt-6.1-sol', path: 'contracts/lease.pdf', question: 'Until when may the tenant give notice?' },
    },
    {
      title: 'A long report, searched by meaning',
      with: {
        model: 'gpt-6.1-sol',
        embeddingModel: 'text-embedding-3-small',
        path: 'reports/annual.docx',
        question: 'Which risks does the board see?',
      },
    },
  ],
  errors: { ...shapeErrors, ...documentText.errors },
  notes: `
The document is read as \`document.text\` reads it, in the sandbox of parsers. Of a long one, the model sees the passages that fit the question best. A quote counts only if it stands in
the document to the letter; an answer without one is sent back to the model, at most twice. The document is data: instructions in it are not followed, and the answer
keeps its form. Vectors that were made are kept: after a failure or a crash they are not paid for again.
`.trim(),
  async run(step, { maxCost, path, text, base64, blob, ...question }) {
    const ctx = within(step, maxCost);
    const { answerFrom } = await import('./documents/answer.ts');
    const { spent, ...answered } = await answerFrom(
      ctx,
      { path, text, base64, blob },
      { ...question, division: DIVISION },
    );
    return { ...answered, ...spent };
  },
});
