import { getRunSummary, getWaits, type RunSummary } from '../../db/index.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';

/**
 * What a run waits for at a step: from the wait index or, if the wait is not indexed yet, from the run itself.
 *
 * @throws RunsError `worker.unavailable`, `temporal.unavailable` if only the run could tell
 */
export async function findWait(
  ctx: Context,
  run: Pick<RunSummary, 'id' | 'workflowId'>,
  step: string,
  kinds: readonly WaitRecord['kind'][],
): Promise<WaitRecord | undefined> {
  const isIt = (wait: WaitRecord) => wait.step === step && kinds.includes(wait.kind);
  const { waits, hasEnded } = await ctx.tenant(async (tx) => ({
    waits: await getWaits(tx, { runId: run.id }),
    // Read after the index: a run that has just ended has emptied the index, and need not be asked.
    hasEnded: ((await getRunSummary(tx, { runId: run.id }))?.endedAt ?? null) !== null,
  }));
  const indexed = waits.find(isIt);
  if (indexed || hasEnded) return indexed;
  return (await ctx.runs.ask(run.workflowId, { patiently: true })).waits.find(isIt);
}
