import { getTrigger, withWorkspace } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import { defaultInput } from '../../graph/start/index.ts';
import type { Fired, FireInput } from '../../workflows/activities.ts';
import type { BlobRef } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { begin } from '../run/begin.ts';
import { openRun } from '../run/open-run.ts';
import { firedStart } from '../run/prepare-run.ts';
import { loadJson } from '../store/stored.ts';
import { countFiring, heldOutcome, isOn, notBegun, off } from './outcome.ts';
import { requireRoomFor } from './room.ts';
import { runOfKey } from './run-of-key.ts';

/**
 * Implements `blokFire`: starts the run of a trigger that has fired, of the version that declares the trigger now, or holds the
 * firing. The same key starts one run, however often this is tried.
 *
 * @param taskQueue where the run is served
 * @throws what may be gone by the next attempt: no room for another run, the database or Temporal is away
 */
export async function fire(
  deps: ActivityDeps,
  { claim: { workspace, workflow, trigger }, key, at, fields: given, stored }: FireInput,
  taskQueue: string,
): Promise<Fired> {
  const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(deps.database, workspace, fn);
  const { row, known, ...run } = await inside(async (tx) => ({
    row: await getTrigger(tx, { workflow, id: trigger }),
    ...(await runOfKey(tx, { workflow, trigger, key })),
  }));
  if (!isOn(row)) return off(row);
  const counted = async (fired: Begun): Promise<Fired> => {
    await inside((tx) => countFiring(tx, { workflow, trigger }, fired));
    return fired;
  };
  if (known) return counted({ outcome: 'duplicate', ...run });
  await requireRoomFor(deps, { workspace, workflow, trigger });
  const fields = stored ? { ...given, ...(await loadFields(deps, workspace, stored)) } : given;
  const { version, uses } = row;
  const input = defaultInput(uses, fields);
  return counted(await begun(deps, { workspace, workflow, version, trigger, key, at, fields, input }, taskQueue));
}

async function loadFields(
  deps: ActivityDeps,
  workspace: string,
  stored: NonNullable<FireInput['stored']>,
): Promise<JsonObject> {
  const load = async ([name, { sha256 }]: [string, BlobRef]) => [name, await loadJson(deps, workspace, sha256)];
  return Object.fromEntries(await Promise.all(Object.entries(stored).map(load)));
}

/** A firing that was tried. */
type Begun =
  | Extract<Fired, { outcome: 'started' | 'duplicate' }>
  | { readonly outcome: 'declined' | 'refused' | 'held' | 'duplicate'; readonly reason: string };

async function begun(deps: ActivityDeps, firing: Parameters<typeof firedStart>[1], taskQueue: string): Promise<Begun> {
  try {
    const start = await firedStart(deps, firing);
    if ('held' in start) return heldOutcome(start.held);
    const { workflowId } = start;
    const temporalRunId = await begin(deps, taskQueue, start);
    const isNew = temporalRunId !== '';
    if (isNew) await openRun(deps, { workflowId, temporalRunId, start: start.input });
    return { outcome: isNew ? 'started' : 'duplicate', runId: start.input.runId, workflowId };
  } catch (error) {
    return notBegun(error);
  }
}
