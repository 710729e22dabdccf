import { setTimeout } from 'node:timers/promises';
import type { RunSummary } from '../../db/index.ts';
import { closeIfOver } from '../background/reconcile.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { storedRun, summaryOf } from '../runs/load.ts';
import { presentRun } from '../runs/present.ts';
import { type Asking, recordedWhileOpen, unlessEnded } from './record.ts';

/** When to look for what the run has called: lists of Temporal lag behind, and a run may just be beginning. */
const LOOK_AFTER_MS = [0, 1_000, 4_000];

/**
 * Ends a run at once, with the runs and the chains that it waits for. Nothing is undone, and no `finally` runs. A run that
 * has ended stays as it is.
 */
export async function terminateRun(ctx: Context, asking: Asking): Promise<Reply> {
  const run = await summaryOf(ctx, asking.id);
  await unlessEnded(
    recordedWhileOpen(ctx, run, { ...asking, action: 'terminate' }, () => terminate(ctx, run, whyOf(asking))),
  );
  return { status: 200, body: await presentRun(ctx, await storedRun(ctx, asking.id)) };
}

/** Ends a run in Temporal, and closes its row. */
export async function terminate(ctx: Context, run: RunSummary, why: string): Promise<void> {
  await ctx.runs.terminate(run.workflowId, why);
  await closeIfOver(ctx, run);
  void endCalled(ctx, run.workflowId, why);
}

const whyOf = ({ by, reason }: Asking): string => (reason === undefined ? `Terminated by ${by}.` : `${by}: ${reason}`);

/** Ends what nobody waits for any more. Their rows are closed by the reconciler. */
async function endCalled(ctx: Context, workflowId: string, why: string): Promise<void> {
  const told = new Set<string>();
  for (const ms of LOOK_AFTER_MS) {
    await setTimeout(ms, undefined, { ref: false });
    try {
      for (const called of await ctx.runs.called(workflowId)) {
        if (told.has(called)) continue;
        told.add(called);
        await ctx.runs.terminate(called, why);
        void endCalled(ctx, called, why);
      }
    } catch (error) {
      ctx.log.warn({ run: workflowId, err: error }, 'what a terminated run had called is not ended yet');
    }
  }
}
