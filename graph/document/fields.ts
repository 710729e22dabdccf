import { z } from 'zod';
import { DURATION_PATTERN } from '../duration.ts';

/** Kinds of fields that a document has in several places. */
export const text = (description: string) => z.string().describe(description);

export const json = (description: string) => z.unknown().describe(description);

export const duration = (description: string) =>
  z
    .string()
    .regex(new RegExp(DURATION_PATTERN))
    .describe(`${description} A duration: \`250ms\`, \`90s\`, \`1h30m\`, \`2d\`, \`4w\`.`);
