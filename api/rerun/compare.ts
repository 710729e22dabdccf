import { setImmediate } from 'node:timers/promises';
import { compareRuns, type StepComparison } from '../../graph/replay/index.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import type { Context } from '../context.ts';
import { storedRun } from '../runs/load.ts';
import { presentSummary } from '../runs/present.ts';

/** Most steps that are listed. All are compared, because in each run they end in another order. */
const MOST_LISTED = 10_000;

/** How many steps are compared at once: other requests come in between. */
const AT_ONCE = 1_000;

/** Compares two runs, step by step. `all`: steps that are the same are listed, too. */
export async function compare(ctx: Context, { id, other, all }: { id: string; other: string; all: boolean }) {
  const [left, right] = await Promise.all([storedRun(ctx, id), storedRun(ctx, other)]);
  const steps = await compareSteps(left.steps, right.steps);
  const differing = steps.filter(({ change }) => change !== 'same');
  const listed = all ? steps : differing;
  return {
    left: presentSummary(ctx, left),
    right: presentSummary(ctx, right),
    same: steps.length - differing.length,
    different: differing.length,
    outputDiffers: JSON.stringify([left.output, left.outputRef]) !== JSON.stringify([right.output, right.outputRef]),
    steps: listed.slice(0, MOST_LISTED),
    more: listed.length > MOST_LISTED,
  };
}

async function compareSteps(left: readonly StepRecord[], right: readonly StepRecord[]): Promise<StepComparison[]> {
  const others = new Map(right.map((step) => [step.path, step]));
  const known = new Set(left.map(({ path }) => path));
  const compared: StepComparison[] = [];
  for (let from = 0; from < left.length; from += AT_ONCE) {
    const part = left.slice(from, from + AT_ONCE);
    compared.push(
      ...compareRuns(
        part,
        part.flatMap(({ path }) => others.get(path) ?? []),
      ),
    );
    await setImmediate();
  }
  const added = right.filter(({ path }) => !known.has(path));
  return [...compared, ...compareRuns([], added)];
}
