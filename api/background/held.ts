import { takeDueGroups } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { inParallel } from '../in-parallel.ts';
import { releaseGroup } from '../triggers/release.ts';
import { repeat } from './repeat.ts';

/** How much later than its time a run may begin. */
const EVERY_MS = 500;
const PAGE = 50;
const CONCURRENCY = 8;

/**
 * Starts the runs of held firings that are due: a quiet time is over, or a batch is full or has waited long enough.
 *
 * @returns a function that stops it; its promise resolves when the current round is over
 */
export const startHeld = (ctx: Context): (() => Promise<void>) =>
  repeat(ctx, {
    name: 'starting runs of held firings',
    everyMs: EVERY_MS,
    alarm: ctx.heldAlarm,
    work: () => releaseDue(ctx),
  });

/** Starts all that is due. */
export async function releaseDue(ctx: Context): Promise<void> {
  for (;;) {
    const due = await ctx.tenant((tx) => takeDueGroups(tx, { limit: PAGE }));
    await inParallel(due, CONCURRENCY, (group) => releaseGroup(ctx, group));
    if (due.length < PAGE) return;
  }
}
