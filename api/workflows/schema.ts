import { z } from 'zod';
import { name, nextPage, pageCursor, pageLimit, slug } from '../http/fields.ts';

export const workflowParams = z.strictObject({ name: slug() });

export const workflowEntry = z
  .object({
    name: z.string(),
    label: z.string().nullable().describe('The label that people gave it, else that of its graph.'),
    version: z.int().nullable().describe('The published version; null: it was never published.'),
    hash: z.string().nullable().describe('SHA-256 of the published graph.'),
    publishedAt: z.string().nullable(),
    folder: z.string().describe('Where it is filed; empty: at the top.'),
    tags: z.array(z.string()),
    active: z.boolean().describe('Whether its triggers are switched on.'),
    archivedAt: z.string().nullable(),
    updatedAt: z.string(),
    draft: z
      .object({
        updatedAt: z.string(),
        author: z.string(),
        differs: z.boolean().describe('Whether it says something else than what is published.'),
      })
      .nullable(),
  })
  .meta({ id: 'WorkflowEntry' });

export const workflowList = z.object({
  items: z.array(workflowEntry),
  next: nextPage(),
});

const segment = String.raw`[^\p{Cc}\p{Cs}/\s](?:[^\p{Cc}\p{Cs}/]{0,62}[^\p{Cc}\p{Cs}/\s])?`;

/** Where a workflow is filed. */
const folder = () =>
  z
    .string()
    .max(200)
    .regex(
      new RegExp(`^(?:${segment}(?:/${segment}){0,7})?$`, 'u'),
      'must be names of at most 64 characters with "/" between',
    )
    .describe('Such as `billing/eu`: at most 8 names. Empty: the top.');

const tag = () => name(50).regex(/^\S(?:.*\S)?$/u, 'must not begin or end with a space');

export const changeBody = z
  .strictObject({
    label: name(200)
      .nullable()
      .optional()
      .describe('Shown instead of the label of the graph; null: that one is shown.'),
    folder: folder().optional(),
    tags: z.array(tag()).max(20).optional().describe('In place of those it has.'),
    archived: z
      .boolean()
      .optional()
      .describe('Archived, it is not listed, its triggers are off, and nobody starts it.'),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something');

export const listQuery = z.strictObject({
  limit: pageLimit(1000, { what: 'workflows', usual: 1000 }),
  cursor: pageCursor(),
  folder: folder().optional().describe('Those in this folder and below it; empty: those in none.'),
  tag: tag().optional(),
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Beginnings of words: of its name, label, tags, folder or text. All must be found.'),
  archived: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('`true`: those that are archived; else those that are not.'),
});

export const folders = z.object({
  items: z.array(z.object({ folder: z.string(), count: z.int().describe('Workflows in it, without those below.') })),
});

export const tags = z.object({ items: z.array(z.object({ tag: z.string(), count: z.int() })) });

export const duplicateBody = z.strictObject({
  as: slug().describe('Name of the copy.'),
  from: z
    .union([z.int().min(1).max(999_999_999), z.enum(['draft', 'published'])])
    .optional()
    .describe(
      'What is copied: a version, the draft, or what is published. Default: what is published, else the draft.',
    ),
  label: name(200).optional(),
});

export const versionQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a version number')
    .transform(Number)
    .optional()
    .describe('Default: the published version.'),
});
