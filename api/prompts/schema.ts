import { z } from 'zod';
import type { PromptDocument } from '../../graph/prompts/types.ts';
import { json, name, nextPage, pageCursor, pageLimit, slug } from '../http/fields.ts';

export const promptParams = z.strictObject({ name: slug('the name of a prompt') });

const version = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be the number of a version')
  .transform(Number);

export const versionQuery = z.strictObject({ version: version.optional().describe('Default: the newest.') });

export const listQuery = z.strictObject({
  limit: pageLimit(500, { what: 'prompts', usual: 100 }),
  cursor: pageCursor(),
});
export const versionsQuery = z.strictObject({
  limit: pageLimit(500, { what: 'versions', usual: 50 }),
  cursor: pageCursor(),
});

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
  .object({ name: z.string(), ...summary, document: json<PromptDocument>().describe('The prompt.') })
  .meta({ id: 'Prompt' });

export const promptList = z.object({
  items: z.array(z.object({ name: z.string(), version: z.int().describe('The newest.'), updatedAt: z.string() })),
  next: nextPage(),
});

export const versionList = z.object({
  items: z.array(z.object(summary)),
  next: nextPage(),
});
