import { noteTriggerError, withWorkspace } from '../../db/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { TriggerClaim } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { requireRoom } from '../run/room.ts';

/**
 * Lets a trigger start a run only while the workspace has room. Otherwise it is noted beside the trigger why its runs
 * wait: the attempt is made again until there is room.
 *
 * @throws NodeError `run.tooMany`
 */
export async function requireRoomFor(
  deps: ActivityDeps,
  { workspace, workflow, trigger }: Omit<TriggerClaim, 'mac'>,
): Promise<void> {
  const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(deps.database, workspace, fn);
  try {
    await inside((tx) => requireRoom(deps, tx));
  } catch (error) {
    if (error instanceof NodeError)
      await inside((tx) => noteTriggerError(tx, { workflow, trigger, error: `${error.code}: ${error.message}` }));
    throw error;
  }
}
