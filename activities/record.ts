import { appendSteps, eventsFor, upsertRun, withWorkspace } from '../db/index.ts';
import type { StepRecord } from '../graph/run-state/index.ts';
import type { WaitsInput } from '../workflows/activities.ts';
import type { EventMessage, RunRecord } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { freePlace } from './place.ts';

/** Implements `blokRecord`. The reconciler can make it again, so it does not wait for the disk. */
export async function record(
  deps: Pick<ActivityDeps, 'database' | 'temporal' | 'log'>,
  input: RunRecord,
): Promise<void> {
  const { database, log } = deps;
  try {
    await withWorkspace(database, input.workspace, (tx) => upsertRun(tx, input), { rebuildable: true });
    if (input.slot && input.endedAt !== null) await freePlace(deps, input);
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

/**
 * Implements `blokWaits`: the wait index first, then a look for events that came before it was written. An event is
 * stored before it is matched, so that one of the two finds it.
 */
export async function recordWaits(
  { database }: ActivityDeps,
  { record: run, opened }: WaitsInput,
): Promise<EventMessage[]> {
  const { workspace } = run;
  await withWorkspace(database, workspace, (tx) => upsertRun(tx, run));
  const waits = run.waits.filter((wait) => wait.kind === 'event' && opened.includes(wait.step));
  if (waits.length === 0) return [];
  const found = await withWorkspace(database, workspace, async (tx) => {
    const events: EventMessage[] = [];
    for (const { event, key } of waits) {
      events.push(...(await eventsFor(tx, { name: event!, ...(key == null ? {} : { key }), since: run.startedAt })));
    }
    return events;
  });
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}
