import {
  countOutcomes,
  leaveLines,
  leaveQueue,
  leaveTurns,
  releaseSlot,
  type SlotAnswer,
  type Tenant,
  takeSlot,
  takeTurn,
  withWorkspace,
} from '../../db/index.ts';
import type { SlotInput, TurnInput } from '../../workflows/activities.ts';
import { SIGNAL_SLOT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import type { LineGate } from './line-gate.ts';

/** What is needed to decide about lines. */
export type LineDeps = Pick<ActivityDeps, 'database' | 'temporal'> & {
  readonly lines: LineGate;
  /** Aborted once nobody waits for the answer: what is decided after that must change nothing. */
  readonly signal: AbortSignal;
};

/** Implements `blokSlot`: takes a place among the runs of a workflow, or says what to do without one. */
export async function claimSlot(deps: LineDeps, input: SlotInput): Promise<'taken' | 'wait' | 'drop'> {
  const { workspace, onLimit } = input;
  let answer = await tryToTake(deps, input, { isLast: false });
  if (answer !== 'drop' && !answer.taken) {
    // Whoever stands far back in the queue has no use for a place that is free.
    const isLookedUp = onLimit !== 'queue' || answer.isNear;
    const isFree = isLookedUp && (await freeEnded(deps, workspace, answer.ahead));
    if (isFree || onLimit === 'drop') answer = await tryToTake(deps, input, { isLast: true });
  }
  if (answer === 'drop') return 'drop';
  await wake(deps, answer.next === undefined ? [] : [answer.next]);
  if (answer.taken) return 'taken';
  if (onLimit === 'cancelOldest' && answer.ahead[0]) await cancel(deps, answer.ahead[0]);
  return 'wait';
}

/**
 * Asks for a place. The last time, a run that is to be dropped leaves the queue in the same transaction: another attempt of
 * this activity may have taken a place meanwhile, and the run has begun.
 */
function tryToTake(deps: LineDeps, input: SlotInput, { isLast }: { isLast: boolean }): Promise<SlotAnswer | 'drop'> {
  const { workspace: _workspace, onLimit, trigger: _trigger, ...request } = input;
  return decide(deps, 'concurrency', input, async (tx) => {
    const answer = await takeSlot(tx, request);
    if (answer.taken || !isLast || onLimit !== 'drop') return answer;
    await leaveQueue(tx, request);
    await countDropped(tx, input);
    return 'drop';
  });
}

/** Implements `blokTurn`: takes a turn among the runs of a workflow, or says what to do without one. */
export async function claimTurn(
  deps: LineDeps,
  input: TurnInput,
): Promise<'taken' | 'drop' | { inMs: number; at: string }> {
  const { workspace: _workspace, onLimit, trigger: _trigger, ...request } = input;
  const answer = await decide(deps, 'rateLimit', input, async (tx) => {
    const taken = await takeTurn(tx, request);
    if (taken.taken || onLimit !== 'drop') return taken;
    await leaveTurns(tx, request);
    await countDropped(tx, input);
    return 'drop';
  });
  if (answer === 'drop') return 'drop';
  await wake(deps, answer.wake);
  return answer.taken ? 'taken' : { inMs: answer.inMs, at: answer.at };
}

/** Decides about a line, when it is this one's turn. An attempt whose time is over leaves everything as it is. */
function decide<T>(
  { database, lines, signal }: LineDeps,
  word: string,
  { workspace, workflow, key }: SlotInput | TurnInput,
  work: (tx: Tenant) => Promise<T>,
): Promise<T> {
  return lines.pass(JSON.stringify([word, workspace, workflow, key]), signal, () =>
    withWorkspace(database, workspace, async (tx) => {
      const answer = await work(tx);
      signal.throwIfAborted();
      return answer;
    }),
  );
}

/**
 * Takes an ended run out of all lines, in the transaction that notes its end: so no run stays in line that has ended.
 *
 * @returns what to do once the transaction is committed: tells the next runs. A lost signal only delays them
 */
export async function leaveLine(
  deps: Pick<ActivityDeps, 'temporal'>,
  tx: Tenant,
  run: { readonly runId: string },
): Promise<() => Promise<void>> {
  const next = await leaveLines(tx, run);
  return () => wake(deps, next);
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
 * Gives back the places of runs that have ended without doing so, because the database was unavailable at that moment, and
 * tells the next runs.
 *
 * @returns whether there were any
 */
async function freeEnded(deps: LineDeps, workspace: string, holders: readonly string[]): Promise<boolean> {
  const ended = await Promise.all(
    holders.map(async (workflowId) => {
      const description = await deps.temporal.workflow
        .getHandle(workflowId)
        .describe()
        .catch(() => null);
      return description?.closeTime === undefined ? [] : [workflowId];
    }),
  );
  for (const workflowId of ended.flat()) {
    const [next] = await withWorkspace(deps.database, workspace, (tx) => releaseSlot(tx, { workflowId }));
    if (next !== undefined) await wake(deps, [next]);
  }
  return ended.flat().length > 0;
}

async function cancel({ temporal }: LineDeps, workflowId: string): Promise<void> {
  await temporal.workflow
    .getHandle(workflowId)
    .cancel()
    .catch(() => undefined); // The run has ended: its place is free at the next request.
}
