import { takeDueFirings } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { inParallel } from '../in-parallel.ts';
import { startFiring } from '../triggers/start-firing.ts';
import { repeat } from './repeat.ts';

/** An event that a run has sent, or a failure, starts its runs within this time. */
const EVERY_MS = 500;
const PAGE = 50;
const CONCURRENCY = 8;

/**
 * Starts the runs of stored firings that nobody has started: those of failures and of events that runs have sent, and
 * those that another process was killed over or could not start.
 *
 * @returns a function that stops it; its promise resolves when the current round is over
 */
export const startFirings = (ctx: Context): (() => Promise<void>) =>
  repeat(ctx, { name: 'starting runs of events and failures', everyMs: EVERY_MS, work: () => startDue(ctx) });

/** Starts all that is due. */
export async function startDue(ctx: Context): Promise<void> {
  for (;;) {
    const due = await ctx.tenant((tx) => takeDueFirings(tx, { limit: PAGE }));
    await inParallel(due, CONCURRENCY, (row) => startFiring(ctx, row));
    if (due.length < PAGE) return;
  }
}
