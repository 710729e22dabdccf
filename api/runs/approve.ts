import type { RunSummary } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { ApproveMessage } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { RunsError } from '../runs-port.ts';
import { checkForm } from './check-form.ts';
import { findWait } from './find-wait.ts';
import { summaryOf } from './load.ts';
import { whyOver } from './why-over.ts';

/**
 * Decides an approval. Of several decisions the run takes one, the first that reaches it; the others are refused.
 *
 * @param input `updateId`: a decision sent again under the same id is the same decision and gets the same answer
 *
 * @throws ApiProblem `approval.notWaiting`, `approval.values` (against the approval's form), `schema.tooCostly`
 */
export async function approve(
  ctx: Context,
  input: {
    id: string;
    step: string;
    decision: 'approved' | 'rejected';
    by: string;
    comment?: string;
    values?: Json;
    updateId?: string;
  },
): Promise<{ step: string; decision: 'approved' | 'rejected' }> {
  const { step, decision } = input;
  const run = await summaryOf(ctx, input.id);
  const wait = run.endedAt === null ? await findWait(ctx, run, step, ['approval']) : undefined;
  if (!wait) throw await notWaiting(ctx, run, step);
  if (decision === 'approved') checkForm(wait, input.values);
  const message: ApproveMessage = {
    step,
    decision,
    by: input.by,
    comment: input.comment ?? null,
    values: input.values ?? null,
  };
  try {
    await ctx.runs.approve(run.workflowId, message, input.updateId);
  } catch (error) {
    const gone = error instanceof RunsError && (error.code === 'run.ended' || error.type === 'approval.notWaiting');
    throw gone ? await notWaiting(ctx, run, step) : error;
  }
  return { step, decision };
}

const notWaiting = async (ctx: Context, run: RunSummary, step: string): Promise<ApiProblem> =>
  new ApiProblem('approval.notWaiting', `No approval waits at "${step}" of this run. ${await whyOver(ctx, run, step)}`);
