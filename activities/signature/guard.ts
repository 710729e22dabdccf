import type { TriggerActivities } from '../../workflows/activities.ts';
import { type RunClaim, type TriggerClaim, triggerWorkflowId } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { belongs } from './belongs.ts';
import { createUnsigned } from './unsigned.ts';

/** What is about to be done, and who asks for it. */
export interface Call {
  /** Type of the activity, or name of the sink. */
  readonly type: string;
  readonly input: unknown;
  /** The workflow that asks, as Temporal says. */
  readonly workflowId: string;
  /** What the workflow says about its run. */
  readonly claim: RunClaim | undefined;
}

/** The activities that work for a trigger, and not for a run. */
const OF_TRIGGERS: ReadonlySet<string> = new Set<keyof TriggerActivities>([
  'blokFire',
  'blokPoll',
  'blokSchedule',
  'blokScheduled',
]);

/** Says whether a call may act. Asks the database only for runs from before starts were signed. */
export type Guard = (call: Call) => boolean | Promise<boolean>;

/**
 * Lets a call act only for a run whose start Blok signed, only for that run, and only if it comes from the run's own
 * workflow. So whoever can start workflows in Temporal, but has no key, acts for no workspace.
 */
export function createGuard({ signer, database }: Pick<ActivityDeps, 'signer' | 'database'>): Guard {
  const isMarked = createUnsigned(database);
  return (call) => {
    const { type, input, workflowId, claim } = call;
    const trigger = triggerOf(input);
    if (trigger) {
      const isOwn = workflowId.startsWith(triggerWorkflowId(trigger));
      return OF_TRIGGERS.has(type) && isOwn && signer.verifyTrigger(trigger);
    }
    if (!claim) return isMarked(call);
    const runsId = claim.workflowId ?? workflowId;
    const isRunsOwn = runsId === workflowId || workflowId.startsWith(`${runsId}/`);
    return isRunsOwn && belongs(type, input, claim, runsId) && signer.verify(claim, runsId);
  };
}

/** The trigger for which an activity works. No run has such a call: its input is named by `workspace` or `record`. */
const triggerOf = (input: unknown): TriggerClaim | undefined =>
  (input as { readonly claim?: TriggerClaim } | null | undefined)?.claim;
