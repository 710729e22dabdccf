import type { WorkflowHandle } from '@temporalio/client';
import type { TakenSteps } from '../../graph/run-state/index.ts';

/** One recording. */
export interface HistoryCase {
  readonly name: string;
  readonly graph: string;
  readonly input?: unknown;
  /** Steps that the run takes over. */
  readonly taken?: TakenSteps;
  /** What is done to the run from outside, once it has begun. */
  readonly act?: (handle: WorkflowHandle) => Promise<unknown>;
  /** Another run of the graph has gone before. */
  readonly second?: boolean;
  /** Recorded on a server that suggests continue-as-new early. */
  readonly short?: boolean;
  /** Ends the run before it is over: what has happened until then is recorded. */
  readonly cut?: boolean;
  /** Child workflows to record, too, by the end of their ids. */
  readonly children?: readonly string[];
}
