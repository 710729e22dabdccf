import { releaseSlot, takeSlot, withWorkspace } from '../../db/index.ts';
import type { SlotInput } from '../../workflows/activities.ts';
import { SIGNAL_SLOT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** How many holders of places are looked up in Temporal, the oldest first. */
const LOOKED_UP = 5;

/** Implements `blokSlot`: takes a place among the runs of a workflow, or says what to do without one. */
export async function claimSlot(deps: ActivityDeps, input: SlotInput): Promise<'taken' | 'wait' | 'drop'> {
  const { workspace, onLimit, ...request } = input;
  const take = () => withWorkspace(deps.database, workspace, (tx) => takeSlot(tx, request));
  let answer = await take();
  if (!answer.taken && (await freeEnded(deps, workspace, answer.ahead))) answer = await take();
  if (answer.taken) return 'taken';
  if (onLimit === 'drop') {
    await withWorkspace(deps.database, workspace, (tx) => releaseSlot(tx, { runId: request.runId }));
    return 'drop';
  }
  if (onLimit === 'cancelOldest' && answer.ahead[0]) await cancel(deps, answer.ahead[0]);
  return 'wait';
}

/** Gives back the place of an ended run and signals the next run in the queue. A lost signal only delays that run. */
export async function freeSlot(
  deps: Pick<ActivityDeps, 'database' | 'temporal'>,
  { workspace, runId }: { workspace: string; runId: string },
): Promise<void> {
  const [next] = await withWorkspace(deps.database, workspace, (tx) => releaseSlot(tx, { runId }));
  if (next === undefined) return;
  await deps.temporal.workflow
    .getHandle(next)
    .signal(SIGNAL_SLOT)
    .catch(() => undefined);
}

/**
 * Gives back the places of runs that have ended without doing so, because the database was unavailable at that moment.
 *
 * @returns whether there were any
 */
async function freeEnded(deps: ActivityDeps, workspace: string, holders: readonly string[]): Promise<boolean> {
  const ended = await Promise.all(
    holders.slice(0, LOOKED_UP).map(async (workflowId) => {
      const description = await deps.temporal.workflow
        .getHandle(workflowId)
        .describe()
        .catch(() => null);
      return description?.closeTime === undefined ? [] : [workflowId];
    }),
  );
  for (const workflowId of ended.flat()) {
    await withWorkspace(deps.database, workspace, (tx) => releaseSlot(tx, { workflowId }));
  }
  return ended.flat().length > 0;
}

async function cancel({ temporal }: ActivityDeps, workflowId: string): Promise<void> {
  await temporal.workflow
    .getHandle(workflowId)
    .cancel()
    .catch(() => undefined); // The run has ended: its place is free at the next request.
}
