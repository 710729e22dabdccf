import { getSteps, hasStoredOutput, type RunValues, type StepSelection } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { type TakeOver, takeOverFrom } from '../../graph/replay/index.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import type { Context } from '../context.ts';
import { notKept } from '../start/store-taken.ts';

/** Most steps that are looked at, and most bytes of their outputs: all are in memory at once. */
const MOST = { by: 'end', most: 40_000, bytes: 32_000_000 } as const;
/** The same of undo steps, of which it only matters when they began. */
const MOST_UNDO = { by: 'end', most: 200_000, bytes: 32_000_000 } as const;

/**
 * Finds what a re-run takes over of the steps that are stored. A loop that is taken over as a whole may have a million
 * steps, so those inside of loops are read only where something depends on them.
 *
 * @returns undefined if the plan has no such step
 * @throws ApiProblem `run.notKept` if too many steps would have to be looked at
 */
export async function takeOverStored(
  ctx: Context,
  { run, ...repeat }: { run: RunValues; plan: Plan; from: string; outputs: JsonObject },
): Promise<TakeOver | undefined> {
  const { id: runId } = run;
  const succeeded = run.status === 'succeeded';
  const doubtful = await ctx.tenant((tx) => hasStoredOutput(tx, { runId }));
  // First, because a node may be called `compensate`, too: what is read later, with its output, replaces what is known.
  const steps = await read(ctx, { ...MOST_UNDO, runId, among: 'undo', reads: 'facts' });
  steps.push(...(await read(ctx, { ...MOST, runId, among: 'outside-loops', reads: 'outputs' })));
  const known = new Set<string>();
  for (;;) {
    const over = takeOverFrom({ ...repeat, steps, succeeded, doubtful });
    // What is below a loop includes the loops in it.
    const loops = over?.loops.filter((path) => !path.includes('[') && !known.has(path)) ?? [];
    if (loops.length === 0) return over;
    steps.push(...(await read(ctx, { ...MOST, runId, among: loops, reads: 'outputs' })));
    for (const path of loops) known.add(path);
  }
}

async function read(ctx: Context, selection: StepSelection): Promise<StepRecord[]> {
  const { steps, more } = await ctx.tenant((tx) => getSteps(tx, selection));
  if (more) throw notKept('The run has so many steps that it cannot be repeated from there. Repeat all of it.');
  return steps;
}
