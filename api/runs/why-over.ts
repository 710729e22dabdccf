import { getStep, type RunSummary } from '../../db/index.ts';
import type { RunStatus, StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { askQuietly, endOf, summaryOf } from './load.ts';

/** What became of a run, to somebody who came too late to answer it. */
const ENDS: Partial<Record<RunStatus, string>> = {
  cancelled: 'The run was cancelled.',
  terminated: 'The run was terminated.',
  'timed-out': 'The run took longer than it may, and was ended.',
  failed: 'The run has failed.',
  succeeded: 'The run has ended.',
};

/**
 * Says in a sentence why nothing waits at a step any more: the step was decided, its time was over, or its run ended.
 * What the step says comes first, then what the run says; a step that does not exist yet has not begun.
 */
export async function whyOver(ctx: Context, { id }: Pick<RunSummary, 'id'>, step: string): Promise<string> {
  // As it is now: it may have ended since the caller has read it, and then it need not be asked.
  const run = await summaryOf(ctx, id);
  const record = await endedStep(ctx, run, step);
  const said = record && wordsOf(record);
  if (said) return said;
  const end = ENDS[await statusOf(ctx, run)];
  if (end) return end;
  return record ? 'It was called off: the run goes on without it.' : 'It has not begun, or the run went another way.';
}

/** A step's own end, if that says enough. Why a step was called off, only its run can say. */
function wordsOf({ status, output, error, type }: StepRecord): string | undefined {
  if (status === 'failed') return error?.code === 'timeout' ? 'Its time was over.' : 'It has failed.';
  if (status !== 'succeeded') return undefined;
  const { decision } = (output ?? {}) as { decision?: unknown };
  return typeof decision === 'string' ? `It was decided already: ${decision}.` : `Its ${wordFor(type)} came already.`;
}

const wordFor = (type: string): string => (type === 'approval' ? 'decision' : 'answer');

/** Steps of earlier executions are stored; about steps that have just ended, the run itself is asked. */
async function endedStep(ctx: Context, run: RunSummary, step: string): Promise<StepRecord | undefined> {
  const isIt = (record: StepRecord) => record.path === step && record.endedAt !== null;
  const live = run.endedAt === null ? await askQuietly(ctx, run.workflowId) : null;
  const told = live?.steps.find(isIt);
  const record = told ?? (await ctx.tenant((tx) => getStep(tx, { runId: run.id, path: step })));
  return record && isIt(record) ? record : undefined;
}

async function statusOf(ctx: Context, run: RunSummary): Promise<RunStatus> {
  return run.endedAt !== null ? run.status : ((await endOf(ctx, run.workflowId)) ?? run.status);
}
