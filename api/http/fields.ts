import { z } from 'zod';
import { ID_PATTERN, SLUG_PATTERN } from '../../graph/document/names.ts';
import type { Json } from '../../graph/json.ts';
import { LARGEST_MESSAGE } from '../../graph/limits.ts';

/** Wire schemas that several resources use. */

/** Any JSON value, or one whose form is known. Not checked again: it comes from `JSON.parse`, or from Blok. */
export const json = <Known = Json>() => z.unknown().describe('Any JSON value.') as z.ZodType<Known>;

/** JSON that is sent into a run. */
export const message = () =>
  json()
    .refine(
      (value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= LARGEST_MESSAGE,
      `must be at most ${LARGEST_MESSAGE} bytes of JSON. Put large data in a file or a URL the graph reads`,
    )
    .describe(`JSON of at most ${LARGEST_MESSAGE} bytes.`);

/** How many items a page of a list has. @param of what they are */
export const pageLimit = (most: number, of: { what: string; usual: number }) =>
  z
    .string()
    .regex(new RegExp(`^[1-9]\\d{0,${String(most).length - 1}}$`), `must be a whole number, 1 to ${most}`)
    .transform(Number)
    .refine((n) => n <= most, `must be at most ${most}`)
    .optional()
    .describe(`Most ${of.what}, 1 to ${most}; ${of.usual} if not given.`);

/** Where a page of a list begins. */
export const pageCursor = (max = 200) => z.string().max(max).optional().describe('`next` of the previous page.');

/** Where the page after it begins. */
export const nextPage = () => z.string().nullable().describe('Cursor of the next page, null at the end.');

/** The answer to a request that removed something. */
export const deleted = () => z.object({ deleted: z.literal(true) });

/** Times that the database knows. JavaScript knows others, too. */
const isKnownTime = (text: string): boolean => {
  const ms = Date.parse(text);
  return ms >= Date.parse('0001-01-01T00:00:00Z') && ms <= Date.parse('9999-12-31T23:59:59.999Z');
};

/** A moment that a caller names, with an offset of any size: in UTC. */
export const moment = () =>
  z.iso
    .datetime({ offset: true, error: 'must be an ISO time, such as 2026-01-31T12:00:00Z' })
    .refine(isKnownTime, 'must be in the years 1 to 9999')
    .transform((text) => new Date(text).toISOString());

/** A moment as rows have it: in cursors. */
export const storedMoment = () => z.iso.datetime({ precision: 3 }).refine(isKnownTime);

/** A moment. */
export const time = () => z.string().describe('ISO time, UTC.');

/** A whole number in a query, 1 to `most`. */
export const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/, `must be a whole number, 1 to ${most}`)
    .transform(Number)
    .refine((n) => n <= most, `must be at most ${most}`);

/** Slug of a workflow, or of something else that is named like one. */
export const slug = (what = 'a workflow name') =>
  z.string().regex(new RegExp(SLUG_PATTERN), `must be ${what}: a-z, 0-9 and "-", beginning with a letter, at most 63`);

/** Id of a node, trigger or variable. */
export const id = () =>
  z
    .string()
    .regex(new RegExp(ID_PATTERN), 'must be an id: letters, digits and "_", beginning with a letter, at most 64');

/** Text without control characters or halves of surrogate pairs: names and keys that are stored and shown. */
export const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must hold no control characters')
    .describe(`1 to ${max} characters, none of them control characters.`);

/** Id of a run. */
export const runId = () => z.string().regex(/^r[0-9a-z]{1,40}$/, 'must be a run id');

/** Seconds to wait for a run's end. */
export const waitQuery = () =>
  z.strictObject({
    wait: z
      .string()
      .regex(/^\d{1,2}$/, 'must be whole seconds, 0 to 60')
      .transform(Number)
      .refine((n) => n <= 60, 'must be at most 60')
      .optional()
      .describe('Seconds to wait for the end of the run, 0 to 60.'),
  });

/** The key that makes a repeated request the same request. Other headers pass. */
export const idempotencyHeader = () =>
  z.object({
    'idempotency-key': name(255)
      .optional()
      .describe('A repeated request with the same key and body is the same request.'),
  });
