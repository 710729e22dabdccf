import { compareRuns, type StepComparison } from '../../graph/replay/index.ts';
import type { Context } from '../context.ts';
import { runValues } from '../runs/load.ts';
import { presentSummary } from '../runs/present.ts';
import { sideBySide } from './side-by-side.ts';

/** Most steps that are listed. All are compared, because in each run they end in another order. */
const MOST_LISTED = 10_000;

/** Compares two runs, step by step, in the order of their paths. `all`: steps that are the same are listed, too. */
export async function compare(ctx: Context, { id, other, all }: { id: string; other: string; all: boolean }) {
  const [left, right] = await Promise.all([runValues(ctx, id), runValues(ctx, other)]);
  const steps: StepComparison[] = [];
  const counts = { same: 0, different: 0 };
  for await (const part of sideBySide(ctx, { left: id, right: other })) {
    const compared = compareRuns(part.left, part.right).sort((a, b) => (a.path < b.path ? -1 : 1));
    const differing = compared.filter(({ change }) => change !== 'same');
    counts.different += differing.length;
    counts.same += compared.length - differing.length;
    const room = MOST_LISTED - steps.length;
    steps.push(...(all ? compared : differing).slice(0, room));
  }
  const { same, different } = counts;
  return {
    left: presentSummary(ctx, left),
    right: presentSummary(ctx, right),
    same,
    different,
    outputDiffers: JSON.stringify([left.output, left.outputRef]) !== JSON.stringify([right.output, right.outputRef]),
    steps,
    more: steps.length < (all ? same + different : different),
  };
}
