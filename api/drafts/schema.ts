import { z } from 'zod';
import { json, name, slug } from '../http/fields.ts';
import { graphProblem, strictQuery } from '../http/graph-problem.ts';
import { tests } from '../publishing/schema.ts';

export const draftParams = z.strictObject({ name: slug() });

const version = () => z.int().min(1).max(999_999_999);

export const draftBody = z
  .strictObject({
    graph: json().describe(
      'A text of YAML or JSON, which is kept as it is; or the graph as an object: then the text that is there is changed, ' +
        'and its comments stay.',
    ),
    base: version()
      .nullable()
      .optional()
      .describe(
        'The version that the draft begins from; if not given, it stays, and of a new draft it is the published one.',
      ),
  })
  .refine((body) => body.graph !== undefined, { path: ['graph'], message: 'is missing' });

export const publishDraftBody = z.strictObject({
  message: name(2000).optional().describe('Why it is published.'),
  tests: tests().optional(),
  onto: version()
    .nullable()
    .optional()
    .describe('The version that must still be the published one; null: nothing is published yet. Not given: any.'),
});

export const publishDraftQuery = strictQuery();

export const draft = z
  .object({
    name: z.string(),
    etag: z.string().describe('For If-Match; also in the header ETag. It follows from the text.'),
    text: z.string().describe('As it was written, comments included.'),
    graph: json().nullable().describe('What the text says; null: it is no graph.'),
    problems: z.array(graphProblem).describe('All that is wrong with it now, errors first.'),
    base: z.int().nullable().describe('The version that it began from.'),
    published: z.int().nullable().describe('The published version.'),
    differs: z.boolean().describe('Whether it says something else than what is published.'),
    author: z.string().describe('Who changed it last.'),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Draft' });
