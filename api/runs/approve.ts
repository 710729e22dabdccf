import { getWaits } from '../../db/index.ts';
import type { Json, JsonSchema } from '../../graph/json.ts';
import { checkAgainst } from '../../graph/start/index.ts';
import type { ApproveMessage, WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { RunsError } from '../runs-port.ts';
import { summaryOf } from './load.ts';

/**
 * Decides an approval.
 *
 * @throws ApiProblem `approval.notWaiting`, `approval.values` (against the approval's form)
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
  if (run.endedAt !== null) throw notWaiting(step);
  const wait = await findWait(ctx, run, step);
  if (!wait) throw notWaiting(step);
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
    throw gone ? notWaiting(step) : error;
  }
  return { step, decision };
}

/** The open approval of a step: from the wait index, or, if that is not written yet, from the run itself. */
async function findWait(
  ctx: Context,
  run: { id: string; workflowId: string },
  step: string,
): Promise<WaitRecord | undefined> {
  const isIt = (wait: WaitRecord) => wait.step === step && wait.kind === 'approval';
  const indexed = (await ctx.tenant((tx) => getWaits(tx, { runId: run.id }))).find(isIt);
  return indexed ?? (await ctx.runs.ask(run.workflowId)).waits.find(isIt);
}

function checkForm(wait: WaitRecord, values: Json | undefined): void {
  const form = (wait.detail as { form?: Json } | null | undefined)?.form;
  if (typeof form !== 'object' || form === null) return;
  const problems = checkAgainst(form as JsonSchema, values ?? {});
  if (problems.length === 0) return;
  const first = problems[0]!;
  throw new ApiProblem('approval.values', `values${first.path}: ${first.message}`, { problems });
}

const notWaiting = (step: string): ApiProblem =>
  new ApiProblem(
    'approval.notWaiting',
    `No approval waits at "${step}" of this run. It may have been decided, have timed out, or not begun.`,
  );
