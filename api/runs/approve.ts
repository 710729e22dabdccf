import type { RunSummary } from '../../db/index.ts';
import type { Json, JsonSchema } from '../../graph/json.ts';
import { checkAgainst } from '../../graph/schemas/check/index.ts';
import type { ApproveMessage, WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { RunsError } from '../runs-port.ts';
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

function checkForm(wait: WaitRecord, values: Json | undefined): void {
  const form = (wait.detail as { form?: Json } | null | undefined)?.form;
  if (typeof form !== 'object' || form === null) return;
  const problems = checkAgainst(form as JsonSchema, values ?? {});
  if (problems.length === 0) return;
  const first = problems[0]!;
  throw new ApiProblem('approval.values', `values${first.path}: ${first.message}`, { problems });
}

const notWaiting = async (ctx: Context, run: RunSummary, step: string): Promise<ApiProblem> =>
  new ApiProblem('approval.notWaiting', `No approval waits at "${step}" of this run. ${await whyOver(ctx, run, step)}`);
