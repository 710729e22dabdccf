import { getTrigger, noteMissed, type Tenant, withWorkspace } from '../../db/index.ts';
import { firingKey, readSchedule } from '../../graph/schedule/index.ts';
import type { ScheduledInput, ScheduledRun, TriggerActivities } from '../../workflows/activities.ts';
import { workflowType } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { openRun } from '../run/open-run.ts';
import { firedStart } from '../run/prepare-run.ts';
import { countFiring, heldOutcome, isOn, notBegun, off } from './outcome.ts';
import { requireRoomFor } from './room.ts';
import { runOfKey } from './run-of-key.ts';

/**
 * Implements `blokSchedule`: prepares the run of a schedule whose time has come. The calling workflow begins the run as
 * its child, and so the overlap policy knows how long the run takes.
 *
 * @throws what may be gone by the next attempt: no room for another run, the database is away
 */
export async function prepareScheduled(deps: ActivityDeps, given: ScheduledInput): Promise<ScheduledRun> {
  const { claim, scheduledAt } = given;
  const { workspace, workflow, trigger } = claim;
  const key = keyOf(given);
  const { row, runId, known } = await withWorkspace(deps.database, workspace, async (tx) => ({
    row: await getTrigger(tx, { workflow, id: trigger }),
    ...(await runOfKey(tx, { workflow, trigger, key })),
  }));
  const isMissed = Date.parse(scheduledAt) < Date.parse(row?.offSince ?? scheduledAt);
  // A newer version has a trigger of another type in its place, and the schedule is taken down.
  if (row && row.uses !== 'schedule') return off(null);
  if (!isOn(row)) {
    if (!isMissed || (await missed(deps, given))) return off(row);
    // It has been switched on since the row was read.
    return prepareScheduled(deps, given);
  }
  if (known) return counted(deps, given, { outcome: 'duplicate', reason: `This time has started the run ${runId}.` });
  await requireRoomFor(deps, claim);
  const at = new Date().toISOString();
  const { version } = row;
  try {
    const firing = { workspace, workflow, version, trigger, key, at, fields: { scheduledAt }, input: {} };
    const start = await firedStart(deps, firing);
    if ('held' in start) return counted(deps, given, heldOutcome(start.held));
    return {
      ...{ outcome: 'ready', workflowId: start.workflowId },
      ...{ workflowType: workflowType(workflow), start: start.input },
    };
  } catch (error) {
    return counted(deps, given, notBegun(error));
  }
}

/** A time that came before the trigger was switched off is made up for like those after it. */
const missed = (deps: ActivityDeps, { claim: { workspace, workflow, trigger }, scheduledAt }: ScheduledInput) =>
  withWorkspace(deps.database, workspace, (tx) => noteMissed(tx, { workflow, id: trigger, at: scheduledAt }));

/** The same key whenever, and however often, the schedule fires for this time. */
function keyOf({ scheduledAt, cron, timezone }: ScheduledInput): string {
  const { times } = readSchedule({ cron: [...cron], timezone }).spec;
  return firingKey(times, Date.parse(scheduledAt));
}

async function counted<Outcome extends Parameters<typeof countFiring>[2]>(
  deps: ActivityDeps,
  { claim: { workspace, workflow, trigger } }: Pick<ScheduledInput, 'claim'>,
  outcome: Outcome,
): Promise<Outcome> {
  await withWorkspace(deps.database, workspace, (tx: Tenant) => countFiring(tx, { workflow, trigger }, outcome));
  return outcome;
}

/** Implements `blokScheduled`: what is written once the run of a schedule has begun. */
export async function countScheduled(
  deps: ActivityDeps,
  { claim, run }: Parameters<TriggerActivities['blokScheduled']>[0],
): Promise<void> {
  if (run) await openRun(deps, run);
  await counted(deps, { claim }, { outcome: run ? 'started' : 'duplicate' });
}
