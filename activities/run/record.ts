import { appendSteps, upsertRun, withWorkspace } from '../../db/index.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { freeSlot } from './slot.ts';

/**
 * Implements `blokRecord`. The reconciler can rebuild the record of a run that has an opening row, so the write does not
 * wait for the disk. `durable`: it does, because the run may have no such row.
 */
export async function record(
  deps: Pick<ActivityDeps, 'database' | 'temporal' | 'log'>,
  input: RunRecord,
  options: { readonly durable?: boolean } = {},
): Promise<void> {
  const { database, log } = deps;
  try {
    await withWorkspace(database, input.workspace, (tx) => upsertRun(tx, input), { rebuildable: !options.durable });
    if (input.slot && input.endedAt !== null) await freeSlot(deps, input);
  } catch (error) {
    log.warn({ run: input.runId, reason: (error as Error).message }, 'run record not written');
    throw error;
  }
}

/** Implements `blokSteps`. */
export async function recordSteps(
  { database }: ActivityDeps,
  input: { workspace: string; runId: string; steps: readonly StepRecord[] },
): Promise<void> {
  await withWorkspace(database, input.workspace, (tx) => appendSteps(tx, input), { rebuildable: true });
}
