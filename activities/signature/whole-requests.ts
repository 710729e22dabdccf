import type { Context, Info } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { StepNames } from '../../workflows/contract.ts';
import { claimsOf, type NamedClaim } from './claim.ts';

/**
 * Makes the request of a step whole, if its run asks in short: such a run leaves out what Temporal says about the activity.
 * What Temporal says also replaces what the request itself says.
 */
export const wholeRequests = ({ info }: Context): ActivityInterceptors => ({
  inbound: {
    execute: async ({ args, headers }, next) => {
      const { short } = claimsOf(info, headers);
      const isShort = short !== undefined && isTaskOfStep(info);
      return next({ args: isShort ? [{ ...(args[0] as object), ...namesOf(info, short) }] : args, headers });
    },
  },
});

/** Types of nodes have a dot; activities that serve the interpreter have none. Local activities are asked whole. */
const isTaskOfStep = ({ activityType, isLocal }: Info): boolean => !isLocal && activityType.includes('.');

/** The activity's type is the node type, its id the step path, perhaps with a number after a long back-off. */
function namesOf({ activityId, activityType }: Info, claim: NamedClaim): StepNames {
  const { workspace, workflow, runId, workflowId } = claim;
  const [type = '', version = '1'] = activityType.split('@');
  const step = activityId.replace(/#\d+$/, '');
  return { step, type, version, workspace, workflow, runId, idempotencyKey: `${workflowId}/${step}` };
}
