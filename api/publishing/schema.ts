import { z } from 'zod';
import { json, name } from '../http/fields.ts';
import { graphProblem, strictQuery } from '../http/graph-problem.ts';

const graph = json().describe('The graph: an object, or YAML or JSON text.');
const isGiven = (body: { readonly graph?: unknown }): boolean => body.graph !== undefined;
const MISSING = { path: ['graph'], message: 'is missing' };

/** A graph, and nothing else. */
export const graphBody = z.strictObject({ graph }).refine(isGiven, MISSING);

/** Graph tests that must pass. */
export const tests = () =>
  z.string().max(1_048_576).describe('The text of a file of graph tests: the graph is published if they pass.');

export const publishBody = z
  .strictObject({ graph, message: name(2000).optional().describe('Why it is published.'), tests: tests().optional() })
  .refine(isGiven, MISSING);

export const publishQuery = strictQuery().extend({
  message: name(2000).optional().describe('Why it is published, if the body is the graph itself.'),
});

export const published = z
  .object({
    name: z.string(),
    version: z.int(),
    hash: z.string().describe('SHA-256 of the canonical graph.'),
    publishedAt: z.string(),
    warnings: z.array(graphProblem).describe('Warnings about the graph.'),
  })
  .meta({ id: 'Published' });
