import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { storedRun } from './load.ts';
import { readOutput } from './present.ts';

/**
 * The output of a step of a run, whole, also if the run holds it by reference.
 *
 * @throws ApiProblem `run.notFound`, `step.noOutput`
 */
export async function stepOutput(ctx: Context, input: { id: string; step: string }): Promise<Json> {
  const run = await storedRun(ctx, input.id);
  const step = run.steps.find(({ path }) => path === input.step);
  if (step?.outputRef) return readOutput(ctx, step.outputRef);
  if (step?.output !== undefined) return step.output;
  throw new ApiProblem(
    'step.noOutput',
    step ? `The step ${input.step} has no output.` : `The run has no step ${input.step}.`,
  );
}
