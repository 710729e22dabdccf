import { z } from 'zod';
import { json, name, pageLimit } from '../http/fields.ts';

const promptName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'must be the name of a prompt: a-z, 0-9 and "-", beginning with a letter, at most 63',
  );

export const promptParams = z.strictObject({ name: promptName });

const version = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be the number of a version')
  .transform(Number);

export const versionQuery = z.strictObject({ version: version.optional().describe('Default: the newest.') });

const cursor = z.string().max(200).optional().describe('`next` of the previous page.');

export const listQuery = z.strictObject({ limit: pageLimit(500, { what: 'prompts', usual: 100 }), cursor });
export const versionsQuery = z.strictObject({ limit: pageLimit(500, { what: 'versions', usual: 50 }), cursor });

export const promptBody = z
  .strictObject({
    document: json().describe('The prompt (docs/prompts.md): an object, or YAML or JSON text.'),
    message: name(2000).optional().describe('Why it is written.'),
    onto: z
      .int()
      .min(0)
      .optional()
      .describe('The version that must be the newest until then; 0: there is no such prompt.'),
  })
  .refine((body) => body.document !== undefined, { path: ['document'], message: 'is missing' });

const summary = {
  version: z.int(),
  hash: z.string().describe('SHA-256 of the document in canonical form.'),
  message: z.string().nullable(),
  author: z.string(),
  createdAt: z.string(),
};

export const prompt = z
  .object({ name: z.string(), ...summary, document: json().describe('The prompt.') })
  .meta({ id: 'Prompt' });

export const promptList = z.object({
  items: z.array(z.object({ name: z.string(), version: z.int().describe('The newest.'), updatedAt: z.string() })),
  next: z.string().nullable().describe('Cursor of the next page, null at the end.'),
});

export const versionList = z.object({
  items: z.array(z.object(summary)),
  next: z.string().nullable().describe('Cursor of the next page, null at the end.'),
});
