import { deleteWorkflow as deleteStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { requireExpected } from '../publishing/expected.ts';
import { noWorkflow } from '../start/published.ts';
import { setUpTriggers } from '../triggers/switch.ts';

/**
 * Deletes a workflow with its draft and variables. Its triggers are taken down; its runs go on.
 *
 * @throws ApiProblem `workflow.notFound`, `version.changed`
 */
export async function deleteWorkflow(
  ctx: Context,
  input: Preconditions & { readonly name: string },
): Promise<{ deleted: true }> {
  const { name } = input;
  if (!(await ctx.tenant((tx) => deleteStored(tx, { name, check: (head) => requireExpected(input, head) }))))
    throw noWorkflow(name);
  await setUpTriggers(ctx);
  return { deleted: true };
}
