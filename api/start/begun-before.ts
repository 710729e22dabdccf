import { needsWorker } from '../../graph/inline-run/index.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { Context } from '../context.ts';

/** After this long, a run that Temporal executes has its row, whatever was lost: the worker writes it, too. */
const ROWLESS_MS = 3_600_000;

/** What is to be started now, and under which id. */
export interface Candidate {
  readonly workflowId: string;
  readonly plan: Plan;
  readonly version: number | null;
  readonly publishedAt?: string;
}

/**
 * Whether Temporal already has a run of this id although Postgres knows none: an older version was executed there, and
 * its opening row was lost. The version that counts now might be executed without Temporal, which would not notice.
 *
 * @throws RunsError if Temporal does not answer
 */
export async function hasBegunBefore(
  ctx: Context,
  { workflowId, plan, version, publishedAt }: Candidate,
): Promise<boolean> {
  if (publishedAt === undefined || version === 1 || needsWorker(plan)) return false;
  if (Date.now() - Date.parse(publishedAt) > ROWLESS_MS) return false;
  return (await ctx.runs.describe(workflowId)) !== null;
}
