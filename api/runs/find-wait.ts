import { getWaits, type RunSummary } from '../../db/index.ts';
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
  const indexed = (await ctx.tenant((tx) => getWaits(tx, { runId: run.id }))).find(isIt);
  return indexed ?? (await ctx.runs.ask(run.workflowId)).waits.find(isIt);
}
