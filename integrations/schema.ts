import { z } from 'zod';
import { DURATION_PATTERN, parseDuration } from '../graph/duration.ts';
import type { Json } from '../graph/json.ts';
import { isEncoding } from './text-encoding.ts';

/** Any JSON value. In JSON Schema it is a plain "anything", which keeps forms and prompts short. */
export const json = (): z.ZodType<Json, Json> => z.unknown() as unknown as z.ZodType<Json, Json>;

/** A duration such as `30s`, between two others (inclusive). */
export function duration(shortest: string, longest: string): z.ZodString {
  const [min, max] = [parseDuration(shortest) ?? 0, parseDuration(longest) ?? 0];
  return z
    .string()
    .regex(new RegExp(DURATION_PATTERN), 'must be a duration such as 30s or 5m')
    .refine((text) => {
      const ms = parseDuration(text);
      return ms === null || (ms >= min && ms <= max);
    }, `must be between ${shortest} and ${longest}`);
}

/** The name of a text encoding. */
export const encoding = (): z.ZodString =>
  z
    .string()
    .max(40)
    .refine(isEncoding, 'must be an encoding such as utf-8, windows-1252, iso-8859-15, utf-16le or shift_jis');

/** Milliseconds of a duration that the schema has already accepted. */
export const toMs = (text: string): number => parseDuration(text) ?? 0;
