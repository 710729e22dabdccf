import { z } from 'zod';
import type { TriggerType } from './define-trigger.ts';
import { duration } from './schema.ts';

/** Parameters that every trigger has which looks for something. */
const watchFields = (every: string) => ({
  every: duration('1s', '30d').default(every).describe('How long to wait between two looks.'),
  from: z
    .enum(['now', 'beginning'])
    .default('now')
    .describe('What the first look takes: only what is new from now on, or also what is there already.'),
  whileOff: z
    .enum(['pickUp', 'skip'])
    .default('pickUp')
    .describe('What came while the trigger was switched off: pick it up when it is switched on, or skip it.'),
});

/** What `watchFields` parse to. */
export type WatchParameters = z.output<z.ZodObject<ReturnType<typeof watchFields>>>;

/** The whole schema of a trigger's `with`. */
export const withOf = (trigger: Pick<TriggerType, 'with' | 'every'>): z.ZodObject =>
  trigger.with.safeExtend(watchFields(trigger.every));
