import { getSteps, hasStoredOutput, type RunValues } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { type TakeOver, takeOverFrom } from '../../graph/replay/index.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import type { Context } from '../context.ts';
import { notKept } from '../start/store-taken.ts';

/** Most steps that are looked at, and most bytes of their data: a run takes over fewer, and holds them in memory. */
const MOST = { most: 20_000, bytes: 32_000_000 } as const;

/**
 * Finds what a re-run takes over of the steps that are stored. A loop that is taken over as a whole may have a million
 * steps, so those inside of loops are read only where something depends on them.
 *
 * @returns undefined if the plan has no such step
 * @throws ApiProblem `run.notKept` if too many steps come before
 */
export async function takeOverStored(
  ctx: Context,
  { run, ...repeat }: { run: RunValues; plan: Plan; from: string; outputs: JsonObject },
): Promise<TakeOver | undefined> {
  const succeeded = run.status === 'succeeded';
  const doubtful = await ctx.tenant((tx) => hasStoredOutput(tx, { runId: run.id }));
  const steps = await read(ctx, run.id, 'outside-loops');
  const known = new Set<string>();
  for (;;) {
    const over = takeOverFrom({ ...repeat, steps, succeeded, doubtful });
    // What is below a loop includes the loops in it.
    const loops = over?.loops.filter((path) => !path.includes('[') && !known.has(path)) ?? [];
    if (loops.length === 0) return over;
    steps.push(...(await read(ctx, run.id, loops)));
    for (const path of loops) known.add(path);
  }
}

async function read(ctx: Context, runId: string, among: 'outside-loops' | readonly string[]): Promise<StepRecord[]> {
  const { steps, more } = await ctx.tenant((tx) => getSteps(tx, { runId, among, by: 'end', ...MOST }));
  if (more) throw notKept('So many steps come before that step that they cannot be taken over.');
  return steps;
}
