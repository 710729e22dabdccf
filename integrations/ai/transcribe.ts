import { z } from 'zod';
import { defineNode } from '../define.ts';
import { ONE_SOURCE, oneSource, sourceFields } from '../parsing/source.ts';
import { openJournal } from './parts/journal.ts';
import { longTextPolicy } from './parts/policy.ts';
import { modelConnection, modelErrors } from './policy.ts';
import { mediaErrors } from './tasks/errors.ts';
import { costLimit, modelField } from './tasks/fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Writes down what is said in a recording. */
export const transcribe = defineNode({
  type: 'ai.transcribe',
  version: '1.0.0',
  title: 'Transcribe a recording',
  description: 'Writes down what is said in a recording, in the language in which it is said.',
  connection: modelConnection,
  ...longTextPolicy,
  input: z
    .strictObject({
      model: modelField('gpt-transcribe'),
      ...sourceFields(),
      maxCost: costLimit(),
      language: z
        .string()
        .regex(/^[a-z]{2,3}$/, 'must be a code such as `de`')
        .optional()
        .describe('The language that is spoken, as a code such as `de`. Default: the model hears it.'),
    })
    .refine(oneSource, ONE_SOURCE),
  output: z.object({
    text: z.string().describe('What is said; empty if nothing is.'),
    ...spentOutput(),
  }),
  examples: [
    { title: 'A message on the answering machine', with: { model: 'gpt-transcribe', path: 'calls/2026-05-04.mp3' } },
  ],
  errors: { ...modelErrors, ...mediaErrors },
  notes: `
MP3, MP4, M4A, WAV, WebM, Ogg and FLAC up to 25 MiB. A recording has no natural borders, so it is sent as a whole; what was written down is kept, and not paid for again
after a crash.
`.trim(),
  async run(step, { maxCost, model, language, ...source }) {
    const ctx = within(step, maxCost);
    const [{ transcribeFile }, { recording }] = await Promise.all([
      import('./tasks/services.ts'),
      import('./tasks/media.ts'),
    ]);
    const file = await recording(ctx, source);
    const journal = await openJournal(ctx, [1, model, language ?? null, source]);
    const { value, spent } = await journal.part('text', () => transcribeFile(ctx, { model, file, language }));
    return { text: value, ...spent };
  },
});
