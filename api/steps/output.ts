import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { readOutput } from '../runs/present.ts';
import { stepOf } from './get.ts';

/**
 * The output of a step of a run, whole, also if the run holds it by reference.
 *
 * @throws ApiProblem `run.notFound`, `step.noOutput`
 */
export async function stepOutput(ctx: Context, input: { id: string; step: string }): Promise<Json> {
  const step = await stepOf(ctx, input).then(
    (found) => found.step,
    (error: unknown) => {
      throw error instanceof ApiProblem && error.code === 'step.notFound'
        ? new ApiProblem('step.noOutput', error.message)
        : error;
    },
  );
  if (step.outputRef) return readOutput(ctx, step.outputRef);
  if (step.output !== undefined) return step.output;
  throw new ApiProblem('step.noOutput', `The step ${input.step} has no output.`);
}
