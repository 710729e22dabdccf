import {
  DataError,
  type HeldAnswer,
  heldUnder,
  holdFiring,
  type PublishedVersion,
  withWorkspace,
} from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { heldOf, holds, type TriggerInfo } from '../../graph/start/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** A trigger that has fired, and what its run would begin with. */
export interface HoldableFiring {
  readonly workspace: string;
  readonly workflow: string;
  readonly trigger: TriggerInfo & { readonly id: string };
  /** Key of the event. */
  readonly key: string;
  readonly found: PublishedVersion;
  readonly vars: JsonObject;
  readonly input: Json;
}

/**
 * Holds a firing, if its graph says so; the API starts the run of what is held.
 *
 * @returns null if the run is to start now
 * @throws StartError as `heldOf`; NodeError `run.tooMany`
 */
export async function hold(deps: Pick<ActivityDeps, 'database'>, firing: HoldableFiring): Promise<HeldAnswer | null> {
  const { workspace, workflow, trigger, key: eventKey, found, vars, input } = firing;
  const { graph, version } = found;
  const at = { workflow, trigger: trigger.id, eventKey };
  if (!holds(graph, trigger.uses)) {
    // The first version follows none that may have held the event.
    return version === 1 ? null : withWorkspace(deps.database, workspace, (tx) => heldUnder(tx, at));
  }
  const held = heldOf(graph, trigger, { input, vars });
  try {
    return await withWorkspace(deps.database, workspace, (tx) =>
      holdFiring(tx, { ...held, ...at, uses: trigger.uses, version }),
    );
  } catch (error) {
    if (!(error instanceof DataError && error.code === 'held.tooMany')) throw error;
    throw new NodeError('run.tooMany', error.message, { retryable: true });
  }
}
