import { z } from 'zod';
import { parseDuration } from '../../graph/duration.ts';
import { id, slug } from '../http/fields.ts';
import { filled } from '../pages/body.ts';

const token = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w.-]+$/, 'is not one of ours');

export const formParams = z.strictObject({ token: token(100) });
export const resultParams = z.strictObject({ token: token(100), view: token(1000) });
export const linkQuery = z.strictObject({ link: token(2000).optional().describe('The link that opens the form.') });
export const formBody = filled;

export const triggerParams = z.strictObject({ name: slug(), id: id() });

const LONGEST_MS = 366 * 86_400_000;

export const linkBody = z.strictObject({
  expiresIn: z
    .string()
    .default('7d')
    .transform((text) => parseDuration(text) ?? 0)
    .refine((ms) => ms >= 1000 && ms <= LONGEST_MS, 'must be a duration such as 12h or 7d, at most 366d')
    .describe('How long the link can be opened: a duration. Default: `7d`.'),
});

export const madeLink = z.object({ url: z.string(), expiresAt: z.string() });
