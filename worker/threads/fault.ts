import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { UNKNOWN_VERSION } from '../../workflows/contract.ts';

type Completion = Awaited<ReturnType<Workflow['activate']>>;

/** Failures that another worker does not have: during a deploy, workers of two versions serve the same runs. */
const OF_A_DEPLOY = [UNKNOWN_VERSION, 'TMPRL1100'];

/**
 * Why a workflow task failed, if it will fail again whoever takes it: the code threw where it never should. Code that runs
 * for too long gives no answer (`watchdog.ts`).
 */
export function faultOf(completion: Completion): string | undefined {
  const failure = completion.failed?.failure;
  if (!failure) return undefined;
  // The SDK keeps nothing else of an error.
  const message = failure.message ?? '';
  return OF_A_DEPLOY.some((sign) => message.includes(sign)) ? undefined : message;
}
