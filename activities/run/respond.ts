import { runTopic } from '../../bus/index.ts';
import { putResponse, withWorkspace } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { unseal } from '../../graph/run-state/index.ts';
import type { Answered } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { whole } from '../store/stored.ts';

/** Keeps what a `respond` has answered, and tells the process that waits for it. The first answer stays. */
export async function keepResponse(deps: Pick<ActivityDeps, 'database' | 'bus'>, answered: Answered): Promise<void> {
  const { workspace, runId } = answered;
  const response = await wholeResponse(deps, answered);
  await withWorkspace(deps.database, workspace, (tx) => putResponse(tx, { runId, response }));
  deps.bus.publish(runTopic(workspace, runId));
}

/** An answer with its stored parts, so that it stands alone. */
export const wholeResponse = async (
  deps: Pick<ActivityDeps, 'database'>,
  { workspace, response }: Answered,
): Promise<Json> => (await whole(deps, workspace, unseal(response as never))) as Json;
