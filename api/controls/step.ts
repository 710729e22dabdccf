import type { Control, RunSummary } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { OperateMessage } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem, PROBLEMS, type ProblemCode } from '../http/problem.ts';
import { ended, summaryOf } from '../runs/load.ts';
import { RunsError } from '../runs-port.ts';
import { completion, skipped } from './decision.ts';
import { chainsOf, findActivity, letGoOn } from './find-activity.ts';
import { type AskingStep, recordedWhileOpen } from './record.ts';

/** Ends a step as succeeded, with this output. */
export async function skipStep(ctx: Context, asking: AskingStep & { output: Json }): Promise<Control> {
  const { output } = asking;
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'skip', request: output }, async (id) => {
    const returned = await skipped(ctx, { ...asking, run, given: output });
    await operate(ctx, run, { id, do: 'skip', step: asking.step, output: returned });
  });
}

/** Ends a wait as if what it waits for had come: its time, an event with this data, or a decision. */
export async function completeWait(ctx: Context, asking: AskingStep & { data?: Json | undefined }): Promise<Control> {
  const { step, data } = asking;
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'complete', request: data ?? null }, async (id) => {
    const output = await completion(ctx, { ...asking, run, given: data ?? null });
    await operate(ctx, run, { id, do: 'complete', step, output });
  });
}

/** Ends a wait as if its timeout had come. */
export async function timeOutWait(ctx: Context, asking: AskingStep): Promise<Control> {
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'timeout' }, (id) =>
    operate(ctx, run, { id, do: 'timeOut', step: asking.step }),
  );
}

/** Makes the next attempt of a step now, whether Temporal or the run itself waits with it. */
export async function retryStep(ctx: Context, asking: AskingStep): Promise<Control> {
  const { step } = asking;
  const run = await summaryOf(ctx, asking.id);
  return recordedWhileOpen(ctx, run, { ...asking, action: 'retry' }, async (id) => {
    const found = await findActivity(ctx, run, step);
    if (!found) return operate(ctx, run, { id, do: 'retry', step });
    if (!found.paused && found.nextAttemptAt === null) throw refusal('step.notRetrying', beingTried(step));
    // What was paused begins at once when it is unpaused, and keeps the count of its attempts.
    if (!found.paused) await ctx.runs.activities.pause(found.workflowId, found.id, 'retry now');
    await letGoOn(ctx, found);
  });
}

const beingTried = (step: string): string => `An attempt of "${step}" is running or waits for a worker.`;

/** Asks the run or, if the step is in a long loop, the chain that runs it. */
async function operate(ctx: Context, run: RunSummary, message: OperateMessage): Promise<void> {
  let refused: unknown;
  for (const workflowId of [run.workflowId, ...chainsOf(run.workflowId, message.step)]) {
    try {
      return await ctx.runs.operate(workflowId, message);
    } catch (error) {
      const isElsewhere = error instanceof RunsError && (error.code === 'run.ended' || error.type === 'step.notOpen');
      // What the run itself says comes first: its chains may have ended, or never been there.
      refused ??= error;
      if (!isElsewhere || (error.code === 'run.ended' && workflowId === run.workflowId)) throw problemFor(run, error);
    }
  }
  throw problemFor(run, refused);
}

function problemFor({ id }: RunSummary, error: unknown): unknown {
  if (!(error instanceof RunsError)) return error;
  if (error.code === 'run.ended') return ended(id);
  const { type } = error;
  return type !== undefined && Object.hasOwn(PROBLEMS, type) ? refusal(type as ProblemCode, error.message) : error;
}

const refusal = (code: ProblemCode, message: string): ApiProblem => new ApiProblem(code, message);
