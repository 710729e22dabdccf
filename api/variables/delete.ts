import { deleteVariable, renewTriggers } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * Removes a variable of the workspace, or of one workflow: runs that start from now on see what stands behind it.
 *
 * @throws ApiProblem `variable.notFound`
 */
export async function removeVariable(
  ctx: Context,
  input: { workflow?: string; name: string },
): Promise<{ deleted: true }> {
  const isRemoved = await ctx.tenant(async (tx) => {
    await renewTriggers(tx, { workflow: input.workflow });
    return deleteVariable(tx, input);
  });
  if (!isRemoved) {
    const where = input.workflow === undefined ? 'The workspace' : `The workflow "${input.workflow}"`;
    const list = input.workflow === undefined ? '/api/vars' : `/api/workflows/${input.workflow}/vars`;
    throw new ApiProblem('variable.notFound', `${where} sets no variable "${input.name}". GET ${list} lists them.`);
  }
  ctx.triggerAlarm.ring();
  return { deleted: true };
}
