import { getResumeToken, hashResumeToken, type RunSummary, readResumeToken, runIdOf } from '../../db/index.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findWait } from '../runs/find-wait.ts';
import { endOf, summaryOf } from '../runs/load.ts';
import { whyOver } from '../runs/why-over.ts';

/** A link that can still be used, and the wait it decides. */
export interface Link {
  readonly hash: string;
  readonly run: RunSummary;
  readonly wait: WaitRecord;
}

/**
 * Reads a link of `notify`: signed by us, known, not used, not expired, and its run still waits there.
 *
 * @throws ApiProblem `link.notFound`, `link.used`, `link.expired`, `link.over`
 */
export async function readLink(ctx: Context, token: string): Promise<Link> {
  const { hash, runId, step } = await findLink(ctx, token);
  const run = await summaryOf(ctx, runId);
  // A row that was pointed at the workflow of another run.
  if (runIdOf(run.workflowId) !== runId) throw unknown();
  const wait = (await hasEnded(ctx, run)) ? undefined : await findWait(ctx, run, step, ['approval', 'event']);
  if (!wait)
    throw new ApiProblem('link.over', `Nothing waits for this link any more. ${await whyOver(ctx, run, step)}`);
  return { hash, run, wait };
}

/**
 * Looks whether a link is one of ours that was not used yet. Costs little: Temporal is not asked.
 *
 * @throws ApiProblem `link.notFound`, `link.used`, `link.expired`
 */
export async function findLink(ctx: Context, token: string): Promise<{ hash: string; runId: string; step: string }> {
  const claim = readResumeToken(ctx.keyring, token);
  const hash = hashResumeToken(token);
  const row = claim?.workspace === ctx.workspace ? await ctx.tenant((tx) => getResumeToken(tx, { hash })) : null;
  if (!claim || !row) throw unknown();
  if (row.usedAt !== null) throw new ApiProblem('link.used', 'This link was used already; it works once.');
  // The row says only whether the link was used. What it decides, and until when, is signed.
  if (Date.parse(claim.expiresAt) <= Date.now()) throw new ApiProblem('link.expired', 'This link has expired.');
  return { hash, runId: claim.runId, step: claim.step };
}

const unknown = (): ApiProblem =>
  new ApiProblem('link.notFound', 'This link is not one of ours, or not complete. Open it exactly as it was sent.');

/** Asks Temporal too, because the row of a run that was terminated there stays open for a while. */
const hasEnded = async (ctx: Context, run: RunSummary): Promise<boolean> =>
  run.endedAt !== null || (await endOf(ctx, run.workflowId)) !== null;
