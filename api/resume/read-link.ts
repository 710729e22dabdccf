import { getResumeToken, hashResumeToken, type RunSummary, readResumeToken } from '../../db/index.ts';
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
  const claim = readResumeToken(ctx.keyring, token);
  const hash = hashResumeToken(token);
  const row = claim?.workspace === ctx.workspace ? await ctx.tenant((tx) => getResumeToken(tx, { hash })) : null;
  if (!row)
    throw new ApiProblem(
      'link.notFound',
      'This link is not one of ours, or not complete. Open it exactly as it was sent.',
    );
  if (row.usedAt !== null) throw new ApiProblem('link.used', 'This link was used already; it works once.');
  if (row.expired) throw new ApiProblem('link.expired', 'This link has expired.');
  const run = await summaryOf(ctx, row.runId);
  const wait = (await hasEnded(ctx, run)) ? undefined : await findWait(ctx, run, row.step, ['approval', 'event']);
  if (!wait)
    throw new ApiProblem('link.over', `Nothing waits for this link any more. ${await whyOver(ctx, run, row.step)}`);
  return { hash, run, wait };
}

/** Asks Temporal too, because the row of a run that was terminated there stays open for a while. */
const hasEnded = async (ctx: Context, run: RunSummary): Promise<boolean> =>
  run.endedAt !== null || (await endOf(ctx, run.workflowId)) !== null;
