import { z } from 'zod';
import { duration } from '../../schema.ts';
import { amount } from '../notation/fields.ts';

/** The parameters of whatever watches a value that crosses a threshold. */
export const crossingFields = {
  threshold: amount().describe('What is crossed, as a decimal text such as `"100"`.'),
  crosses: z
    .enum(['above', 'below', 'either'])
    .describe('The direction that counts: the value rises above the threshold, falls below it, or either.'),
  hysteresis: z
    .number()
    .min(0)
    .max(50)
    .default(1)
    .describe('How far the value must go back before it can cross again, in percent of the threshold.'),
  coolDown: duration('0s', '30d')
    .default('0s')
    .describe(
      'After a crossing has started its run, no other one in the same direction does for this long. If the value is beyond the threshold anew ' +
        'when the time is over, the run starts then.',
    ),
};

/** What `crossingFields` parse to. */
export type CrossingInput = z.output<z.ZodObject<typeof crossingFields>>;

/** What an item says about its crossing. */
export const crossed = {
  crossed: z.enum(['above', 'below']).describe('The direction.'),
  threshold: z.string().describe('What was crossed.'),
  number: z.int().describe('Counts the crossings in this direction that started a run, from 1, since the watch began.'),
};

/** What authors must know about all of them. */
export const CROSSING_NOTES = `
**Crossings.** The first look only notes on which side the value is (\`from: beginning\` starts a run if the value is beyond the threshold already).
Then a run starts when the value is found beyond the threshold, and no other one before the value has gone back by \`hysteresis\`. A value that crosses and goes
back between two looks is not seen. The side, the number of crossings and the time of the last one are kept by the watch, so that each crossing starts exactly one
run, whatever is killed meanwhile.
`.trim();
