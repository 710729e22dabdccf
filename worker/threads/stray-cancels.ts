import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';

type Job = NonNullable<Parameters<Workflow['activate']>[0]['jobs']>[number];

/** Why the task of such a run fails. */
export const STRAY_CANCEL =
  'Work within this task was cancelled, because the worker makes room for other runs or stops. The task is done again.';

/**
 * Temporal's core cancels the local activities of a run when it takes the run out of memory, to make room for others or
 * because the worker stops, and may tell the run as if the run had cancelled them (`CancelAllInRun` in its
 * `managed_run.rs`). The run would take its work for cancelled. Instead, its task fails: nothing of the task is in history yet, and
 * whoever takes it next does all of it again. What history tells already is for the run to hear.
 */
export function withoutStrayCancels(workflow: Workflow): Workflow {
  /** Local activities that the run itself has cancelled. */
  const asked = new Set<number>();
  const isStray = ({ resolveActivity }: Job): boolean =>
    resolveActivity?.isLocal === true && resolveActivity.result?.cancelled != null && !asked.has(resolveActivity.seq!);
  return {
    ...workflow,
    activate: async (activation) => {
      const { runId, isReplaying, jobs } = activation;
      if (!isReplaying && jobs?.some(isStray)) return { runId, failed: { failure: { message: STRAY_CANCEL } } };
      const completion = await workflow.activate(activation);
      for (const { requestCancelLocalActivity } of completion.successful?.commands ?? [])
        if (requestCancelLocalActivity) asked.add(requestCancelLocalActivity.seq!);
      return completion;
    },
  };
}
