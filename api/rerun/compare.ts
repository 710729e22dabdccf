import { compareRuns } from '../../graph/replay/index.ts';
import type { Context } from '../context.ts';
import { storedRun } from '../runs/load.ts';
import { presentSummary } from '../runs/present.ts';

/** Most steps that are compared and listed. */
const MOST_STEPS = 10_000;

/** Compares two runs, step by step. `all`: steps that are the same are listed, too. */
export async function compare(ctx: Context, { id, other, all }: { id: string; other: string; all: boolean }) {
  const [left, right] = await Promise.all([storedRun(ctx, id), storedRun(ctx, other)]);
  const steps = compareRuns(left.steps.slice(0, MOST_STEPS), right.steps.slice(0, MOST_STEPS));
  return {
    left: presentSummary(ctx, left),
    right: presentSummary(ctx, right),
    same: steps.filter(({ change }) => change === 'same').length,
    outputDiffers: JSON.stringify([left.output, left.outputRef]) !== JSON.stringify([right.output, right.outputRef]),
    steps: all ? steps : steps.filter(({ change }) => change !== 'same'),
  };
}
