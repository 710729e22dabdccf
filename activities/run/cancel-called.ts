import { setTimeout } from 'node:timers/promises';
import { INDEPENDENT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** When to look again: a run that was being started may begin after its caller has ended, and lists lag behind. */
const LOOK_AFTER_MS = [0, 1_000, 4_000];

/**
 * Cancels the runs that an ended run waited for, and the chains of its long loops, also those begun by earlier
 * executions. Called runs that nobody waits for go on.
 */
export async function cancelCalled(
  { temporal, log }: Pick<ActivityDeps, 'temporal' | 'log'>,
  workflowId: string,
): Promise<void> {
  const query = `ParentWorkflowId = '${workflowId.replaceAll("'", "\\'")}' AND ExecutionStatus = 'Running'`;
  const told = new Set<string>();
  for (const ms of LOOK_AFTER_MS) {
    await setTimeout(ms);
    try {
      for await (const called of temporal.workflow.list({ query })) {
        if (told.has(called.workflowId) || called.memo?.[INDEPENDENT] === true) continue;
        // It may have ended in the meantime.
        await temporal.workflow
          .getHandle(called.workflowId)
          .cancel()
          .catch(() => undefined);
        told.add(called.workflowId);
      }
    } catch (error) {
      log.warn({ run: workflowId, reason: (error as Error).message }, 'called runs of an ended run not cancelled yet');
    }
  }
}
