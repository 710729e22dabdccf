import { z } from 'zod';
import { MOST_CHARACTERS } from '../live/event-id.ts';
import { MOST_RUNS } from './parse-topics.ts';

export const streamQuery = z.strictObject({
  topics: z
    .string()
    .min(1)
    .max(6_000)
    .describe(
      `What to follow, separated by commas: \`runs\`, \`workflows\`, \`approvals\`, and \`run:ID\` for all that happens in a run; at most ${MOST_RUNS} runs.`,
    ),
  after: z
    .string()
    .max(MOST_CHARACTERS)
    .optional()
    .describe('Like the header `last-event-id`, for clients that cannot set it.'),
});

export const streamHeaders = z.object({
  'last-event-id': z
    .string()
    .max(MOST_CHARACTERS)
    .optional()
    .describe('Id of the last event that arrived: what came after it follows, if it is less than 55 minutes old.'),
});
