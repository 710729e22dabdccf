import type { Context } from '../context.ts';
import { adoptTriggers } from '../triggers/setup/adopt.ts';
import { setUpDueTriggers } from '../triggers/setup/round.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 3_000;

/**
 * Sets up and takes down the triggers that are due: at once after a change in this process, otherwise every three seconds.
 *
 * @returns a function that stops this; its promise resolves when the current round is over
 */
export function startTriggerSetup(ctx: Context): () => Promise<void> {
  let isFirst = true;
  return repeat(ctx, {
    name: 'setting up triggers',
    everyMs: EVERY_MS,
    firstMs: 0,
    alarm: ctx.triggerAlarm,
    work: async () => {
      if (isFirst) await adoptTriggers(ctx);
      isFirst = false;
      await setUpDueTriggers(ctx);
    },
  });
}
