import { getWorkflowEntry, type ListedWorkflow } from '../../db/index.ts';
import { editText } from '../../graph/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { type Before, saveDraft } from '../drafts/save.ts';
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
  const filing = { folder: original.folder, tags: original.tags, label };
  const textOf = ({ head }: Before): string => {
    if (head !== null) throw exists(as);
    return copied.text;
  };
  const draft = { name: as, base: null, principal, repeatable: false, textOf, filing };
  await saveDraft(ctx, { ...draft, ifNoneMatch: '*' }).catch((error: unknown) => {
    throw error instanceof ApiProblem && TAKEN.includes(error.code) ? exists(as) : error;
  });
  return (await ctx.tenant((tx) => getWorkflowEntry(tx, { name: as }))) ?? original;
}

/** What saving a draft says if there is something of that name. */
const TAKEN: readonly string[] = ['draft.changed', 'workflow.archived'];

const exists = (name: string): ApiProblem =>
  new ApiProblem('workflow.exists', `There is a workflow "${name}" already. Choose another name.`);
