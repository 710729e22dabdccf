import { runTopic } from '../../bus/index.ts';
import { appendSteps, LAST_POSITION, upsertRun, withWorkspace } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { Answered } from '../../workflows/activities.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { wholeResponse } from './respond.ts';
import { leaveLine } from './slot.ts';

/**
 * Implements `blokRecord`. The reconciler can rebuild the record of a run that has an opening row, so the write does not
 * wait for the disk.
 *
 * `told`: somebody will be told of the end before Temporal knows it. The write waits for the disk, because the run has no
 * opening row, and no later write replaces the record: if this process is killed now, another one does the task again, at
 * another time of day, and may come to another output.
 */
export async function record(
  deps: Pick<ActivityDeps, 'database' | 'bus' | 'followed' | 'temporal' | 'log'>,
  input: RunRecord,
  options: { readonly told?: boolean } = {},
): Promise<void> {
  const { database, bus, log } = deps;
  try {
    const { told = false } = options;
    const written = told ? { ...input, historyLength: LAST_POSITION } : input;
    const { response, ...row } = written;
    const answer = response && (await answerOf(deps, { ...input, response }));
    const tellNext = await withWorkspace(
      database,
      input.workspace,
      async (tx) => {
        await upsertRun(tx, row, answer);
        return input.slot && input.endedAt !== null ? leaveLine(deps, tx, input) : undefined;
      },
      { rebuildable: !told },
    );
    deps.followed.tell(input.workspace);
    if (answer) bus.publish(runTopic(input.workspace, input.runId));
    await tellNext?.();
  } catch (error) {
    const { workspace, runId: run } = input;
    log.warn({ workspace, run, reason: (error as Error).message }, 'run record not written');
    throw error;
  }
}

/** An answer whose stored parts are gone, or too large, is not kept. The record of the run's end must be. */
async function answerOf(deps: Pick<ActivityDeps, 'database'>, answered: Answered): Promise<Json | undefined> {
  try {
    return await wholeResponse(deps, answered);
  } catch (error) {
    if (error instanceof NodeError) return undefined;
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
