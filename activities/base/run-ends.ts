import { CancelledFailure } from '@temporalio/activity';

/** What is left of runs in this process: steps whose run may end before they do. */
export interface RunEnds {
  /** A signal that is aborted once the run has ended, until `leave` is called. */
  watch(runId: string): { readonly signal: AbortSignal; readonly leave: () => void };
  /** Stops the steps that are left of a run at this moment, and none that begin later; undefined if there are none. */
  left(runId: string): (() => void) | undefined;
}

/** The reason of the signals. No other attempt follows. */
export const RUN_ENDED = new CancelledFailure('The run of this step has ended.');

/** What is left of runs in one process. */
export function createRunEnds(): RunEnds {
  const steps = new Map<string, Set<AbortController>>();
  return {
    watch: (runId) => {
      const controller = new AbortController();
      const ofRun = steps.get(runId) ?? new Set();
      steps.set(runId, ofRun.add(controller));
      const leave = (): void => {
        ofRun.delete(controller);
        if (ofRun.size === 0) steps.delete(runId);
      };
      return { signal: controller.signal, leave };
    },
    left: (runId) => {
      const ofRun = [...(steps.get(runId) ?? [])];
      if (ofRun.length === 0) return undefined;
      return () => {
        for (const controller of ofRun) if (steps.get(runId)?.has(controller)) controller.abort(RUN_ENDED);
      };
    },
  };
}
