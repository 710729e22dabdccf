import { deleteDraft as deleteStored, deleteWorkflow, getDraft, lockExisting } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { judge, type Preconditions } from '../http/preconditions.ts';
import { draftEtag } from './etag.ts';
import { draftChanged, draftUnmatched, type Found, noDraft } from './view.ts';

/**
 * Discards a draft. A workflow that was never published is gone with it.
 *
 * @throws ApiProblem `draft.notFound`, `draft.changed`, `draft.unmatched`
 */
export async function deleteDraft(ctx: Context, input: Preconditions & { name: string }): Promise<{ deleted: true }> {
  const { name } = input;
  const refused = await ctx.tenant(async (tx): Promise<{ why: string; found: Found | null } | null> => {
    const head = await lockExisting(tx, { name });
    const stored = head && (await getDraft(tx, { name }));
    if (head === null || stored === null) return { why: 'absent', found: null };
    const found = { stored, head };
    const verdict = judge(input, draftEtag(stored.text));
    if (verdict !== 'met') return { why: verdict, found };
    if (head.version === null) await deleteWorkflow(tx, { name });
    else await deleteStored(tx, { name });
    return null;
  });
  if (refused === null) return { deleted: true };
  if (refused.found === null) throw noDraft(name);
  throw refused.why === 'failed'
    ? await draftChanged(ctx, name, refused.found)
    : await draftUnmatched(ctx, name, refused.found);
}
