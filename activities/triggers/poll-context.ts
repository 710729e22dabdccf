import { Context } from '@temporalio/activity';
import * as db from '../../db/index.ts';
import type { PollContext } from '../../integrations/context.ts';
import type { TriggerClaim } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { type Attempted, providerContext, storeOf } from '../node/provider-context.ts';
import { holderOf } from './page.ts';

/** What a trigger's `poll` receives: what was written to its own workspace, and nothing else of Blok's database. */
export function pollContext(deps: ActivityDeps, claim: TriggerClaim, given: Attempted): PollContext {
  const { workspace, workflow, trigger } = claim;
  const { activityId, workflowExecution } = Context.current().info;
  const idempotencyKey = `${workflowExecution?.workflowId}/${workflowExecution?.runId}/${activityId}`;
  const doer = { workspace, workflow, idempotencyKey, holder: holderOf(claim), at: { workspace, workflow, trigger } };
  const within = storeOf(deps, workspace);
  return {
    ...providerContext(deps, doer, given),
    trigger,
    files: {
      since: (prefix, after, limit) => within((tx) => db.filesSince(tx, { prefix, after, limit })),
      last: (prefix) => within((tx) => db.lastFile(tx, { prefix })),
    },
  };
}
