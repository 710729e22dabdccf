import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { attemptOf } from '../../activities/base/attempt.ts';
import type { EffectRequest } from '../../workflows/contract.ts';

/** Which attempts are begun in a process of their own. */
export interface Suspects {
  /** Whether the attempt before this one was lost with its worker, and was not the first one. Notes that this one begins. */
  begins(info: Info, input: Pick<EffectRequest, 'attemptsBefore'>): Promise<boolean>;
  /** Forgets a step that has succeeded. */
  succeeded(info: Info): void;
}

/** A lost worker once is no sign: machines and deploys do that, too. */
const ATTEMPTS_BEFORE = 2;

/** Attempts that this process remembers. The oldest are forgotten, and then Temporal is asked. */
const REMEMBERED = 10_000;

/** Timeouts by which the server gives up an attempt whose worker says nothing more. */
const LOST: readonly unknown[] = ['TIMEOUT_TYPE_HEARTBEAT', 'TIMEOUT_TYPE_START_TO_CLOSE', 4, 1];

export function createSuspects(temporal: Client): Suspects {
  const begun = new Map<string, number>();
  return {
    begins: async (info, { attemptsBefore = 0 }) => {
      const key = keyOf(info);
      const here = begun.get(key);
      begun.delete(key);
      begun.set(key, info.attempt);
      if (begun.size > REMEMBERED) begun.delete(begun.keys().next().value!);
      if (attemptsBefore + attemptOf(info) - 1 < ATTEMPTS_BEFORE) return false;
      // A new activity after several attempts: the worker was lost, or the pause before it was very long.
      if (info.attempt === 1) return true;
      // This process has not ended since.
      if (here === info.attempt - 1) return false;
      return wasLost(temporal, info);
    },
    succeeded: (info) => void begun.delete(keyOf(info)),
  };
}

const keyOf = ({ workflowExecution, activityId }: Info): string => `${workflowExecution?.runId} ${activityId}`;

async function wasLost(temporal: Client, { workflowExecution, activityId }: Info): Promise<boolean> {
  if (!workflowExecution) return false;
  const { workflowId, runId } = workflowExecution;
  try {
    const { raw } = await temporal.workflow.getHandle(workflowId, runId).describe();
    const pending = raw.pendingActivities?.find((one) => one.activityId === activityId);
    return LOST.includes(pending?.lastFailure?.timeoutFailureInfo?.timeoutType);
  } catch {
    // It runs as usual. The next attempt asks again.
    return false;
  }
}
