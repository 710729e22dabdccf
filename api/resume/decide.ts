import { useResumeToken } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { ApiProblem } from '../http/problem.ts';
import { approve } from '../runs/approve.ts';
import { whyOver } from '../runs/why-over.ts';
import { RunsError } from '../runs-port.ts';
import { type Link, readLink } from './read-link.ts';

/** What somebody answers through a link: a decision for an approval, data for an event wait. */
export interface Answer {
  readonly decision?: 'approved' | 'rejected';
  readonly comment?: string;
  readonly values?: Json;
  readonly data?: Json;
}

/**
 * Uses a link: decides its approval, or ends its event wait. The run decides first and the link is marked as used
 * afterwards, so a failure between the two leaves a link that is refused because nothing waits for it. Of several
 * answers the run takes one. The same answer again (a double click) gets the same reply; another answer is refused.
 *
 * @throws ApiProblem as `readLink`; `request.invalid` without a decision; `approval.values`; `approval.notWaiting` or
 * `event.notWaiting` if another answer was faster
 */
export async function decide(ctx: Context, input: Answer & { token: string }): Promise<{ run: string; step: string }> {
  const { token, ...answer } = input;
  const link = await readLink(ctx, token);
  // Temporal takes an update id once, so the id must tell one answer from another.
  const updateId = `${link.hash}-${hashOf({ ...answer })}`;
  if (link.wait.kind === 'approval') await decideApproval(ctx, link, answer, updateId);
  else await endWait(ctx, link, answer.data ?? null, updateId);
  await ctx.tenant((tx) => useResumeToken(tx, { hash: link.hash }));
  return { run: link.run.id, step: link.wait.step };
}

async function decideApproval(
  ctx: Context,
  { run, wait }: Link,
  { decision, comment, values }: Answer,
  updateId: string,
) {
  if (!decision) throw new ApiProblem('request.invalid', 'body/decision: must be "approved" or "rejected"');
  const given = { ...(comment ? { comment } : {}), ...(values === undefined ? {} : { values }) };
  await approve(ctx, { id: run.id, step: wait.step, decision, by: 'link', ...given, updateId });
}

async function endWait(ctx: Context, { run, wait, hash }: Link, data: Json, updateId: string) {
  const event = { id: `link-${hash}`, name: wait.event ?? '', key: null, data, at: new Date().toISOString() };
  try {
    await ctx.runs.tell(run.workflowId, { ...event, step: wait.step }, updateId);
  } catch (error) {
    const gone = error instanceof RunsError && (error.code === 'run.ended' || error.type === 'event.notWaiting');
    if (!gone) throw error;
    const why = await whyOver(ctx, run, wait.step);
    throw new ApiProblem('event.notWaiting', `Nothing waits at "${wait.step}" of this run any more. ${why}`);
  }
}
