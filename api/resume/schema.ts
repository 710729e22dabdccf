import { z } from 'zod';
import { message } from '../http/fields.ts';
import { filled } from '../pages/body.ts';

export const resumeParams = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(4000)
    .regex(/^[\w.-]+$/, 'is not one of ours'),
});

/** For an approval: the decision. For an event wait: its data. */
export const resumeBody = z.strictObject({
  decision: z.enum(['approved', 'rejected']).optional(),
  comment: z.string().max(10_000).optional(),
  values: message().optional(),
  data: message().optional(),
  filled: filled.optional().describe('The form of the page, as a browser sends it.'),
});

export const resumed = z.object({ run: z.string(), step: z.string() });
