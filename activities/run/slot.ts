import {
  countOutcomes,
  leaveTurns,
  releaseSlot,
  type Tenant,
  takeSlot,
  takeTurn,
  withWorkspace,
} from '../../db/index.ts';
import type { SlotInput, TurnInput } from '../../workflows/activities.ts';
import { SIGNAL_SLOT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** How many holders of places are looked up in Temporal, the oldest first. */
const LOOKED_UP = 5;

/** Implements `blokSlot`: takes a place among the runs of a workflow, or says what to do without one. */
export async function claimSlot(deps: ActivityDeps, input: SlotInput): Promise<'taken' | 'wait' | 'drop'> {
  const { workspace, onLimit, trigger, ...request } = input;
  const take = () => withWorkspace(deps.database, workspace, (tx) => takeSlot(tx, request));
  let answer = await take();
  if (!answer.taken && (await freeEnded(deps, workspace, answer.ahead))) answer = await take();
  if (answer.taken) {
    await wake(deps, answer.next === undefined ? [] : [answer.next]);
    return 'taken';
  }
  if (onLimit === 'drop') {
    await withWorkspace(deps.database, workspace, async (tx) => {
      await releaseSlot(tx, { runId: request.runId });
      await countDropped(tx, input);
    });
    return 'drop';
  }
  if (onLimit === 'cancelOldest' && answer.ahead[0]) await cancel(deps, answer.ahead[0]);
  return 'wait';
}

/** Implements `blokTurn`: takes a turn among the runs of a workflow, or says what to do without one. */
export async function claimTurn(
  deps: ActivityDeps,
  input: TurnInput,
): Promise<'taken' | 'drop' | { inMs: number; at: string }> {
  const { workspace, onLimit, trigger, ...request } = input;
  const answer = await withWorkspace(deps.database, workspace, async (tx) => {
    const taken = await takeTurn(tx, request);
    if (taken.taken || onLimit !== 'drop') return taken;
    await leaveTurns(tx, request);
    await countDropped(tx, input);
    return 'drop';
  });
  if (answer === 'drop') return 'drop';
  if (!answer.taken) return { inMs: answer.inMs, at: answer.at };
  await wake(deps, answer.wake);
  return 'taken';
}

/** Gives back the place of an ended run and signals the next run in the queue. A lost signal only delays that run. */
export async function freeSlot(
  deps: Pick<ActivityDeps, 'database' | 'temporal'>,
  { workspace, runId }: { workspace: string; runId: string },
): Promise<void> {
  const next = await withWorkspace(deps.database, workspace, async (tx) => [
    ...(await releaseSlot(tx, { runId })).slice(0, 1),
    ...(await leaveTurns(tx, { runId })),
  ]);
  await wake(deps, next);
}

/** Tells runs that wait in line to ask again. A lost signal only delays them. */
async function wake({ temporal }: Pick<ActivityDeps, 'temporal'>, workflowIds: readonly string[]): Promise<void> {
  const signal = (workflowId: string) =>
    temporal.workflow
      .getHandle(workflowId)
      .signal(SIGNAL_SLOT)
      .catch(() => undefined);
  await Promise.all(workflowIds.map(signal));
}

async function countDropped(tx: Tenant, { workflow, trigger }: Pick<SlotInput, 'workflow' | 'trigger'>): Promise<void> {
  if (trigger) await countOutcomes(tx, [{ workflow, trigger, outcome: 'dropped', count: 1 }]);
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
