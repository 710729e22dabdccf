import { type CancellationScope, isCancellation, patched } from '@temporalio/workflow';

/**
 * Whether a local activity was cancelled although nobody asked for that. Temporal's core does so when it takes a run out
 * of memory, to make room for others, while local activities of the run are under way (`CancelAllInRun` in its
 * `managed_run.rs`). What the activity was to do must be done all the same: as a task, for which the run need not stay.
 *
 * Nothing of the run's input is at hand wherever this is asked, and a run that has begun may need the answer, too. Hence
 * a patch and no version of the interpreter: its marker is written only when this has happened.
 */
export const isCancelledByNobody = (thrown: unknown, scope: CancellationScope): boolean =>
  isCancellation(thrown) && !scope.consideredCancelled && patched('blok-cancelled-by-nobody');
