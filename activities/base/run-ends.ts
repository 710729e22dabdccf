/** Tells the steps that this process is doing when their run has ended. */
export interface RunEnds {
  /** A signal that is aborted when the run ends, until `leave` is called. */
  await(runId: string): { readonly signal: AbortSignal; readonly leave: () => void };
  /** The run has ended: whatever is left of it stops. */
  ended(runId: string): void;
}

/** The reason of a signal that tells of an end. */
const ENDED = new Error('The run of this step has ended.');

/** Tells steps of one process. */
export function createRunEnds(): RunEnds {
  const waiting = new Map<string, Set<AbortController>>();
  return {
    await: (runId) => {
      const controller = new AbortController();
      const ofRun = waiting.get(runId) ?? new Set();
      waiting.set(runId, ofRun.add(controller));
      const leave = (): void => {
        ofRun.delete(controller);
        if (ofRun.size === 0 && waiting.get(runId) === ofRun) waiting.delete(runId);
      };
      return { signal: controller.signal, leave };
    },
    ended: (runId) => {
      const ofRun = waiting.get(runId) ?? [];
      waiting.delete(runId);
      for (const controller of ofRun) controller.abort(ENDED);
    },
  };
}
