import { randomUUID } from 'node:crypto';
import { getTrigger, mintFormToken, triggerToken } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * Makes a link to a form. It works until it expires, and starts one run.
 *
 * @throws ApiProblem `trigger.notFound` if the published workflow has no such form
 */
export async function mintLink(
  ctx: Context,
  input: { workflow: string; trigger: string; expiresInMs: number },
): Promise<{ url: string; expiresAt: string }> {
  const { workflow, trigger } = input;
  const token = await ctx.tenant(async (tx) => {
    const row = await getTrigger(tx, { workflow, id: trigger });
    if (row?.uses !== 'form' || row.tokenKey === null) return null;
    return triggerToken(tx, ctx.keyring, { ...row, tokenKey: row.tokenKey });
  });
  if (token === null)
    throw new ApiProblem('trigger.notFound', `The published workflow "${workflow}" has no form "${trigger}".`);
  const expiresAt = new Date(Date.now() + input.expiresInMs).toISOString();
  const claim = { workspace: ctx.workspace, workflow, trigger, nonce: randomUUID(), expiresAt };
  return { url: `${ctx.publicUrl}/forms/${token}?link=${mintFormToken(ctx.keyring, claim)}`, expiresAt };
}
