import { getResumeToken, getWaits, hashResumeToken, type RunSummary, readResumeToken } from '../../db/index.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { summaryOf } from '../runs/load.ts';

/** A link that can still be used, and what it decides. */
export interface Link {
  readonly hash: string;
  readonly run: RunSummary;
  readonly wait: WaitRecord;
}

/**
 * Reads a link of `notify`: signed by us, known, not used, not expired, and its run still waits there.
 *
 * @throws ApiProblem `link.notFound`, `link.used`, `link.expired`
 */
export async function readLink(ctx: Context, token: string): Promise<Link> {
  const claim = readResumeToken(ctx.keyring, token);
  const hash = hashResumeToken(token);
  const row = claim?.workspace === ctx.workspace ? await ctx.tenant((tx) => getResumeToken(tx, { hash })) : null;
  if (!row)
    throw new ApiProblem(
      'link.notFound',
      'This link is not one of ours, or not whole. Open it exactly as it was sent.',
    );
  if (row.usedAt !== null) throw new ApiProblem('link.used', 'This link was used already; it works once.');
  if (row.expired) throw new ApiProblem('link.expired', 'This link has expired.');
  const run = await summaryOf(ctx, row.runId);
  const wait = run.endedAt === null ? await findWait(ctx, run, row.step) : undefined;
  if (!wait)
    throw new ApiProblem(
      'link.used',
      'Nothing waits for this link any more: it was decided elsewhere, or its time is over.',
    );
  return { hash, run, wait };
}

async function findWait(ctx: Context, run: RunSummary, step: string): Promise<WaitRecord | undefined> {
  const isIt = (wait: WaitRecord) => wait.step === step && (wait.kind === 'approval' || wait.kind === 'event');
  const indexed = (await ctx.tenant((tx) => getWaits(tx, { runId: run.id }))).find(isIt);
  return indexed ?? (await ctx.runs.ask(run.workflowId)).waits.find(isIt);
}
