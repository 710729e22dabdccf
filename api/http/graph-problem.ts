import { z } from 'zod';

/** A problem of a graph or of an input, as answers show it. */
export const graphProblem = z
  .object({
    severity: z
      .enum(['error', 'warning'])
      .describe('An error keeps a graph from being published; a warning does so only if `strict` is set.'),
    code: z.string(),
    path: z.string().describe('JSON Pointer.'),
    message: z.string().describe('What is wrong.'),
    hint: z.string().optional().describe('How to fix it.'),
    line: z.int().optional(),
    column: z.int().optional(),
  })
  .meta({ id: 'GraphProblem' });

/** Whether warnings count as errors. */
export const strictQuery = () =>
  z.strictObject({
    strict: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .describe('`true`: warnings count as errors.'),
  });
