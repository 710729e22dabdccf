import { z } from 'zod';
import { json, slug } from '../http/fields.ts';
import { graphProblem } from '../http/graph-problem.ts';

export const workflowParams = z.strictObject({ name: slug() });

export const publishBody = z
  .strictObject({ graph: json().describe('The graph: an object, or YAML or JSON text.') })
  .refine((body) => body.graph !== undefined, { path: ['graph'], message: 'is missing' });

export const published = z
  .object({
    name: z.string(),
    version: z.int(),
    hash: z.string().describe('SHA-256 of the canonical graph.'),
    publishedAt: z.string(),
    warnings: z.array(graphProblem).describe('Warnings about the graph.'),
  })
  .meta({ id: 'Published' });

export const workflowList = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullable(),
      version: z.int().nullable(),
      publishedAt: z.string().nullable(),
    }),
  ),
});

export const workflow = z
  .object({ name: z.string(), version: z.int(), hash: z.string(), graph: json() })
  .meta({ id: 'Workflow' });

export const versionQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a version number')
    .transform(Number)
    .optional()
    .describe('Default: the published version.'),
});
