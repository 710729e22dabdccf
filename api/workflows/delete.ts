import { deleteWorkflow as deleteStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { noWorkflow } from '../start/published.ts';
import { setUpTriggers } from '../triggers/switch.ts';

/**
 * Deletes a workflow with its draft and variables. Its triggers are taken down; its runs go on.
 *
 * @throws ApiProblem `workflow.notFound`
 */
export async function deleteWorkflow(ctx: Context, { name }: { name: string }): Promise<{ deleted: true }> {
  if (!(await ctx.tenant((tx) => deleteStored(tx, { name })))) throw noWorkflow(name);
  await setUpTriggers(ctx);
  return { deleted: true };
}
