import { z } from 'zod';
import type { JsonSchema } from '../../graph/json.ts';
import { exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';
import { sourceErrors } from '../parsing/source.ts';
import { json } from '../schema.ts';
import { modelConnection, modelErrors, modelPolicy } from './policy.ts';
import { attachmentErrors } from './tasks/attachment-fields.ts';
import { endsWithUser, promptFields } from './tasks/prompt-fields.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Asks a model for a value of the author's schema. */
export const object = defineNode({
  type: 'ai.object',
  version: '1.0.0',
  title: 'Ask a model for data',
  description: 'Asks a model for JSON that fits your schema: reads invoices, mails and images into fields.',
  connection: modelConnection,
  ...modelPolicy,
  schemas: ['schema'],
  input: z
    .strictObject({
      ...promptFields(),
      schema: z
        .record(z.string(), json())
        .describe('JSON Schema of the value. Descriptions in it tell the model what you mean.'),
      name: z
        .string()
        .regex(/^[A-Za-z][\w-]{0,59}$/, 'must be a short name of letters and digits')
        .default('result')
        .describe('What the value is, such as `invoice`.'),
    })
    .refine(exactlyOne('prompt', 'messages'), 'set either prompt or messages')
    .refine(endsWithUser, { message: 'must end with a message of the user', path: ['messages'] }),
  output: z.object({
    value: json().describe('The value. It fits `schema`.'),
    repairs: z.int().describe('How often the model had to correct its answer.'),
    id: z.string().nullable().describe('Id of the answer at the provider, for its support, or null.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'The fields of an invoice',
      with: {
        model: 'gpt-6-luna',
        prompt: 'Read the invoice.',
        data: { invoice: 'Invoice 2026-118, Ink Ltd. Two boxes of paper, 24.00 EUR each. Total 48.00 EUR.' },
        name: 'invoice',
        schema: {
          type: 'object',
          properties: {
            number: { type: 'string' },
            total: { type: 'number', description: 'With tax.' },
            currency: { type: 'string', enum: ['EUR', 'USD'] },
          },
          required: ['number', 'total', 'currency'],
          additionalProperties: false,
        },
      },
    },
  ],
  errors: {
    ...modelErrors,
    ...attachmentErrors,
    ...sourceErrors,
    'ai.schema': '`schema` is no JSON Schema that can be used; the message says why.',
    'ai.invalid': 'The answer does not fit `schema`, even after two corrections.',
    'ai.cut': 'The answer was cut off at `maxOutputTokens`.',
  },
  notes: `
Blok checks every answer against \`schema\`, whatever the provider promises: \`value\` always fits. Where the provider has a strict mode and the schema fits into it, the
model cannot write anything else: objects with listed properties and without others, \`anyOf\`, \`enum\`, lists, local \`$ref\`. Any other schema is told to the model in
words. A wrong answer goes back to the model with what is wrong about it, at most twice; each answer is paid for. Integers beyond 2^53 become texts.
`.trim(),
  async run(step, { maxCost, schema, name, ...prompt }) {
    const { readObject } = await import('./tasks/read-object.ts');
    return readObject(within(step, maxCost), { prompt, name, schema: schema as JsonSchema });
  },
});
