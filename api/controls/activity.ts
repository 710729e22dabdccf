import type { Control } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { summaryOf } from '../runs/load.ts';
import type { StepOptions } from '../runs-port.ts';
import { letGoOn, requireActivity } from './find-activity.ts';
import { type AskingStep, recordedWhileOpen } from './record.ts';

/** Keeps a step from further attempts. The attempt that is running may end. */
export async function pauseStep(ctx: Context, asking: AskingStep): Promise<Control> {
  const { step, by, reason } = asking;
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'pause' }, async () => {
    const { workflowId, id, paused } = await requireActivity(ctx, run, step);
    if (!paused) await ctx.runs.activities.pause(workflowId, id, reason ?? `paused by ${by}`);
  });
}

/** Lets a paused step go on: its next attempt begins at once. */
export async function unpauseStep(ctx: Context, asking: AskingStep): Promise<Control> {
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'unpause' }, async () => {
    const found = await requireActivity(ctx, run, asking.step);
    if (found.paused) await letGoOn(ctx, found);
  });
}

/** Begins a step anew: its attempts count from 1, and it begins at once unless it stays paused. */
export async function resetStep(
  ctx: Context,
  asking: AskingStep & { keepPaused: boolean; resetHeartbeat: boolean },
): Promise<Control> {
  const { keepPaused, resetHeartbeat } = asking;
  const run = await summaryOf(ctx, asking.id);
  const detail = { keepPaused, resetHeartbeat };
  return recordedWhileOpen(ctx, run, { ...asking, action: 'reset', detail, request: detail }, async () => {
    const { workflowId, id } = await requireActivity(ctx, run, asking.step);
    await ctx.runs.activities.reset(workflowId, id, { keepPaused, resetHeartbeat });
  });
}

/** Changes retry and timeouts of the activity of a step that is running. Later steps of the node are not changed. */
export async function changeStep(ctx: Context, asking: AskingStep & { options: StepOptions }): Promise<Control> {
  const { step, options } = asking;
  const run = await summaryOf(ctx, asking.id);
  const detail: JsonObject = options === 'original' ? { original: true } : { ...options };
  return recordedWhileOpen(ctx, run, { ...asking, action: 'change', detail, request: detail }, async () => {
    const { workflowId, id } = await requireActivity(ctx, run, step);
    await ctx.runs.activities.change(workflowId, id, options);
  });
}
