import { useResumeToken } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { approve } from '../runs/approve.ts';
import { type Link, readLink } from './read-link.ts';

/**
 * Uses a link: decides its approval, or ends its event wait. The run decides first and the link is marked used after,
 * so a failure between the two leaves a link that is refused as nothing waits for it; the run takes the link's id once.
 *
 * @throws ApiProblem as `readLink`; `request.invalid` without a decision; `approval.values`
 */
export async function decide(
  ctx: Context,
  input: { token: string; decision?: 'approved' | 'rejected'; comment?: string; values?: Json; data?: Json },
): Promise<{ run: string; step: string }> {
  const link = await readLink(ctx, input.token);
  if (link.wait.kind === 'approval') await decideApproval(ctx, link, input);
  else await sendEvent(ctx, link, input.data ?? null);
  await ctx.tenant((tx) => useResumeToken(tx, { hash: link.hash }));
  return { run: link.run.id, step: link.wait.step };
}

async function decideApproval(
  ctx: Context,
  { run, wait, hash }: Link,
  { decision, comment, values }: { decision?: 'approved' | 'rejected'; comment?: string; values?: Json },
) {
  if (!decision) throw new ApiProblem('request.invalid', 'body/decision: must be "approved" or "rejected"');
  const given = { ...(comment ? { comment } : {}), ...(values === undefined ? {} : { values }) };
  await approve(ctx, { id: run.id, step: wait.step, decision, by: 'link', ...given, updateId: hash });
}

async function sendEvent(ctx: Context, { run, wait, hash }: Link, data: Json) {
  await ctx.runs.tell(run.workflowId, {
    id: `link-${hash}`,
    name: wait.event ?? '',
    key: null,
    data,
    at: new Date().toISOString(),
  });
}
