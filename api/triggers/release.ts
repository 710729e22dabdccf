import {
  type HeldGroup,
  heldEvents,
  heldKeyOf,
  noteTriggerError,
  postponeGroup,
  resolveVariables,
  settleGroup,
} from '../../db/index.ts';
import { releasedOf, StartError } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { loadVersion } from '../start/published.ts';
import { startRun } from '../start/start-run.ts';
import { pauseAfter } from './start-firing.ts';

/**
 * Starts the run of firings that were held together, of the version that held them, and notes what came of it. However many
 * processes try this, and whatever is killed, one run is started, because its id follows from the group.
 */
export async function releaseGroup(ctx: Context, group: HeldGroup): Promise<void> {
  const { id, workflow, trigger, attempts } = group;
  try {
    const outcome = await started(ctx, group);
    if (outcome === null) return;
    const { isNew, ...settled } = outcome;
    if (isNew) ctx.tally.count({ workflow, id: trigger }, settled.outcome);
    const error = settled.outcome === 'refused' ? settled.reason : null;
    await ctx.tenant(async (tx) => {
      await settleGroup(tx, { id, ...settled });
      if (error !== null) await noteTriggerError(tx, { workflow, trigger, error });
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    ctx.log.warn({ err: error, workflow, trigger, group: id }, 'held firings have no run yet; tried again');
    await ctx.tenant((tx) => postponeGroup(tx, { id, ms: pauseAfter(attempts), reason }));
  }
}

type Outcome =
  | { readonly outcome: 'started'; readonly runId: string; readonly isNew: boolean }
  | { readonly outcome: 'declined' | 'refused'; readonly reason: string; readonly isNew: true };

/** Null: somebody else has settled the group meanwhile. */
async function started(ctx: Context, group: HeldGroup): Promise<Outcome | null> {
  const { id, workflow, trigger, version, word, depth } = group;
  try {
    const loaded = await ctx.tenant(async (tx) => {
      const { graph, plan } = await loadVersion(ctx, tx, { name: workflow, version });
      const vars = await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} });
      return { graph, plan, version, vars, held: await heldEvents(tx, group) };
    });
    if (loaded.held === null) return null;
    const run = await startRun(ctx, {
      workflow,
      trigger,
      idempotencyKey: heldKeyOf(id),
      ready: releasedOf(loaded.graph, word, loaded.held),
      waits: false,
      ...(depth === null ? {} : { depth }),
      load: async () => loaded,
    });
    await run.open();
    return { outcome: 'started', runId: run.runId, isNew: run.isNew };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const outcome = error.code === 'trigger.declined' ? 'declined' : 'refused';
    return { outcome, reason: error.message, isNew: true };
  }
}
