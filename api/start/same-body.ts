import { bodyHashOf, runIdOf } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * Compares the body of a request with that of the request that has started the run.
 *
 * @returns what Temporal knows of the run, if it was not executed at once
 * @throws ApiProblem `idempotency.mismatch`
 */
export async function requireSameBody(ctx: Context, workflowId: string, bodyHash: string | undefined) {
  const inline = await ctx.tenant((tx) => bodyHashOf(tx, { runId: runIdOf(workflowId) }));
  const known = inline === null ? await ctx.runs.describe(workflowId) : null;
  // Temporal may have forgotten a run that Postgres still knows: then nothing is left to compare with.
  const first = inline ?? known?.bodyHash;
  if (bodyHash !== undefined && first && first !== bodyHash) {
    throw new ApiProblem(
      'idempotency.mismatch',
      'This Idempotency-Key has started a run with another body. Use a new key for a new request.',
    );
  }
  return known;
}
