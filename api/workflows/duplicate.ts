import { fileWorkflow, getWorkflowEntry, type ListedWorkflow } from '../../db/index.ts';
import { editText } from '../../graph/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { saveDraft } from '../drafts/save.ts';
import { ApiProblem } from '../http/problem.ts';
import { noWorkflow } from '../start/published.ts';
import { textOfSide } from '../versions/sides.ts';

/**
 * Makes a copy of a workflow under another name: a draft, so that no trigger fires twice. The copy is filed as the original.
 *
 * @throws ApiProblem `workflow.notFound`, `workflow.exists`, `edit.refused`
 */
export async function duplicate(
  ctx: Context,
  input: {
    name: string;
    as: string;
    from?: number | 'draft' | 'published' | undefined;
    label?: string | undefined;
    principal: Principal;
  },
): Promise<ListedWorkflow> {
  const { name, as, label, principal } = input;
  const original = await ctx.tenant((tx) => getWorkflowEntry(tx, { name }));
  if (original === null) throw noWorkflow(name);
  const from = input.from ?? (original.version === null ? 'draft' : 'published');
  const copied = editText(await textOfSide(ctx, name, from), { do: 'setParameter', path: '/name', value: as });
  if (copied.problems)
    throw new ApiProblem('edit.refused', `${name} cannot be copied, because it is no graph yet.`, {
      problems: copied.problems,
    });
  if ((await ctx.tenant((tx) => getWorkflowEntry(tx, { name: as }))) !== null) throw exists(as);
  const draft = { name: as, base: null, principal, repeatable: false, textOf: () => copied.text };
  await saveDraft(ctx, { ...draft, ifNoneMatch: '*' }).catch((error: unknown) => {
    throw error instanceof ApiProblem && error.code === 'draft.changed' ? exists(as) : error;
  });
  await ctx.tenant((tx) => fileWorkflow(tx, { name: as, folder: original.folder, tags: original.tags, label }));
  return (await ctx.tenant((tx) => getWorkflowEntry(tx, { name: as }))) ?? original;
}

const exists = (name: string): ApiProblem =>
  new ApiProblem('workflow.exists', `There is a workflow "${name}" already. Choose another name.`);
