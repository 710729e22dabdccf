import { archiveWorkflow, type Filing, fileWorkflow, getWorkflowEntry, type ListedWorkflow } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { noWorkflow } from '../start/published.ts';
import { setUpTriggers } from '../triggers/switch.ts';

/**
 * Changes what people say about a workflow besides its graph: its label, folder and tags, and whether it is archived.
 *
 * @throws ApiProblem `workflow.notFound`
 */
export async function changeWorkflow(
  ctx: Context,
  input: { name: string; archived?: boolean | undefined } & Filing,
): Promise<ListedWorkflow> {
  const { archived, ...filing } = input;
  const { name } = input;
  const isThere = await ctx.tenant(
    async (tx) =>
      (await fileWorkflow(tx, filing)) && (archived === undefined || (await archiveWorkflow(tx, { name, archived }))),
  );
  if (!isThere) throw noWorkflow(name);
  if (archived !== undefined) await setUpTriggers(ctx);
  const entry = await ctx.tenant((tx) => getWorkflowEntry(tx, { name }));
  if (entry === null) throw noWorkflow(name);
  return entry;
}
