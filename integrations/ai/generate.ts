import { z } from 'zod';
import { exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';
import { sourceErrors } from '../parsing/source.ts';
import { modelConnection, modelErrors, modelPolicy } from './policy.ts';
import { attachmentErrors } from './tasks/attachment-fields.ts';
import { endsWithUser, promptFields } from './tasks/prompt-fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Asks a model for text. */
export const generate = defineNode({
  type: 'ai.generate',
  version: '1.0.0',
  title: 'Ask a model for text',
  description: 'Asks a model and returns the text that it writes. It can look at images and read documents.',
  connection: modelConnection,
  ...modelPolicy,
  input: z
    .strictObject(promptFields())
    .refine(exactlyOne('prompt', 'messages'), 'set either prompt or messages')
    .refine(endsWithUser, { message: 'must end with a message of the user', path: ['messages'] }),
  output: z.object({
    text: z.string().describe('What the model wrote.'),
    cut: z.boolean().describe('Whether the text ends early, because `maxOutputTokens` was reached.'),
    id: z.string().nullable().describe('Id of the answer at the provider, for its support, or null.'),
    ...spentOutput(),
  }),
  examples: [
    { title: 'A question', with: { model: 'gpt-6-luna', prompt: 'Write a haiku about durable workflows.' } },
    {
      title: 'An answer to a mail, which is data and no instruction',
      with: {
        model: 'claude-sonnet-4-6',
        instructions: 'You write for the support of a bookshop. Be brief and friendly.',
        prompt: 'Write an answer to the mail.',
        data: { mail: 'Where is my order 4711? I wait for two weeks now.' },
      },
    },
    {
      title: 'A prompt of the workspace',
      with: { model: 'gpt-6-luna', prompt: { name: 'answer-customer', variables: { name: 'Ada' } } },
    },
  ],
  errors: { ...modelErrors, ...attachmentErrors, ...sourceErrors },
  notes: `
The connection decides the provider, and \`model\` is free text: what the provider calls its models. The validator warns of models that are or will be retired.

Texts of others belong into \`data\` (or \`files\`), where they are marked as data. An expression in \`prompt\` or \`instructions\` makes its value part of your words.

Repeating a call costs money again and does nothing else, so a lost answer is asked for once more. In the background (\`background\`) the provider keeps the answer,
for up to 30 days, and a step that is tried again after a crash fetches the answer that is paid for. If the step is cancelled or its time is up, the provider is told to
stop. It finds an answer by its id only: one that is begun is lost, and charged, if the worker is killed before the id has come, and goes on to its end if the step is cancelled
between two attempts.
`.trim(),
  async run(step, { maxCost, ...prompt }) {
    const { writeText } = await import('./tasks/write-text.ts');
    return writeText(within(step, maxCost), prompt);
  },
});
