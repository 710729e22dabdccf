import type { RunSummary } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { checkForm } from '../runs/check-form.ts';
import { findWait } from '../runs/find-wait.ts';
import type { AskingStep } from './record.ts';

/** Who ends a wait, and with what. */
type Deciding = AskingStep & { readonly run: RunSummary; readonly given: Json };

/** What a wait that is ended by hand returns. @throws ApiProblem `access.denied`, `approval.values`, `schema.tooCostly` */
export async function completion(ctx: Context, { run, given, ...asking }: Deciding): Promise<Json> {
  const wait = await findWait(ctx, run, asking.step, ['approval', 'event', 'timer']);
  // A wait that nobody sees yet may be an approval.
  const isApproval = wait ? wait.kind === 'approval' : isDecision(given);
  return isApproval ? decisionOf(asking, given, wait) : given;
}

/** What a skipped step returns. @throws ApiProblem as `completion` */
export async function skipped(ctx: Context, { run, given, ...asking }: Deciding): Promise<Json> {
  // Most outputs say nothing that an approval could take: the run need not be asked.
  if (!isDecision(given)) return given;
  const wait = await findWait(ctx, run, asking.step, ['approval']);
  return wait ? decisionOf(asking, given, wait) : given;
}

/**
 * A decision with everything that the approval's node returns. Who decided, and when, is what Blok knows, and not what
 * the request says.
 */
function decisionOf({ by, reason, mayDecide }: AskingStep, given: Json, wait: WaitRecord | undefined): Json {
  if (!mayDecide) throw denied();
  const { decision = null, comment = reason ?? null, values = null } = saidBy(given);
  if (wait && decision === 'approved') checkForm(wait, values ?? undefined);
  return { decision, comment, values, by, at: new Date().toISOString() };
}

const saidBy = (given: Json): JsonObject => {
  if (typeof given === 'string') return { decision: given };
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
};

const isDecision = (given: Json): boolean => ['approved', 'rejected'].includes(saidBy(given).decision as string);

const denied = (): ApiProblem =>
  new ApiProblem('access.denied', 'An approval waits there, and your role does not include run:decide.');
