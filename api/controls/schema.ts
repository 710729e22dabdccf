import { z } from 'zod';
import { parseDuration } from '../../graph/duration.ts';
import { json, message, name } from '../http/fields.ts';
import type { StepOptions } from '../runs-port.ts';

/** Longest timeout and delay that can be set on a running step: a year. */
const LONGEST_MS = 365 * 86_400_000;

const reason = () => name(1_000).optional().describe('Why. It is written down.');

export const reasonBody = z.strictObject({ reason: reason() });

export const skipBody = z
  .strictObject({ output: message().describe('The output of the step.'), reason: reason() })
  .refine((body) => body.output !== undefined, { path: ['output'], message: 'is missing' });

export const completeBody = z.strictObject({
  data: message()
    .optional()
    .describe(
      'Of an event: its data. Of an approval: `approved`, `rejected`, or an object with `decision`, `comment` and `values`.',
    ),
  reason: reason(),
});

export const resetBody = z.strictObject({
  keepPaused: z.boolean().optional().describe('A paused step stays paused.'),
  resetHeartbeat: z.boolean().optional().describe('Forget what earlier attempts have noted.'),
  reason: reason(),
});

const duration = () =>
  z
    .string()
    .max(50)
    .refine((text) => isLength(parseDuration(text)), 'must be a duration such as 90s or 1h30m, at most a year');

const isLength = (ms: number | null): boolean => ms !== null && ms >= 1 && ms <= LONGEST_MS;

const OPTIONS = {
  timeout: duration().optional().describe('Of all attempts together.'),
  attemptTimeout: duration().optional().describe('Of one attempt; the next one keeps it.'),
  maxAttempts: z.int().min(1).max(10_000).optional(),
  delay: duration().optional().describe('Before the second attempt.'),
  maxDelay: duration().optional(),
  factor: z.number().min(1).max(100).optional(),
};

export const optionsBody = z
  .strictObject({ ...OPTIONS, original: z.literal(true).optional().describe('As the step began.'), reason: reason() })
  .refine(({ reason: _, ...options }) => Object.values(options).some((value) => value !== undefined), {
    message: 'must change something',
  })
  .refine(({ reason: _, original, ...options }) => !original || Object.values(options).every((v) => v === undefined), {
    path: ['original'],
    message: 'goes with no other option',
  });

/** The options as the port takes them. */
export function optionsOf(body: z.output<typeof optionsBody>): StepOptions {
  if (body.original) return 'original';
  const { timeout, attemptTimeout, maxAttempts, delay, maxDelay, factor } = body;
  const ms = (text: string | undefined, as: string) => (text === undefined ? {} : { [as]: parseDuration(text)! });
  return {
    ...ms(timeout, 'timeoutMs'),
    ...ms(attemptTimeout, 'attemptTimeoutMs'),
    ...ms(delay, 'delayMs'),
    ...ms(maxDelay, 'maxDelayMs'),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(factor === undefined ? {} : { factor }),
  };
}

export const control = z
  .object({
    id: z.string(),
    action: z.string().describe('`terminate`, `retry`, `skip`, `complete`, `timeout`, `pause`, `rerun` …'),
    step: z.string().nullable(),
    by: z.string(),
    reason: z.string().nullable(),
    at: z.string(),
    detail: json().nullable(),
    outcome: z
      .string()
      .describe(
        '`done`, `pending`, or the code of the problem that kept it from being done. After a problem of Blok itself, such as `temporal.unavailable`, it may have been done all the same: send it again under its key.',
      ),
  })
  .meta({ id: 'Control' });

export const controlList = z.object({ items: z.array(control) });
