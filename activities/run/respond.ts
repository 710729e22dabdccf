import { runTopic } from '../../bus/index.ts';
import { putResponse, type Tenant, withWorkspace } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { unseal } from '../../graph/run-state/index.ts';
import type { Answered } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { whole } from '../store/stored.ts';

/** Keeps what a `respond` has answered, and tells the process that waits for it. The first answer stays. */
export async function keepResponse(deps: Pick<ActivityDeps, 'database' | 'bus'>, answered: Answered): Promise<void> {
  const { workspace, runId } = answered;
  const write = await responseWriter(deps, answered);
  await withWorkspace(deps.database, workspace, write);
  deps.bus.publish(runTopic(workspace, runId));
}

/** What writes an answer in a transaction. Stored parts are loaded before, so that the answer stands alone. */
export async function responseWriter(
  deps: Pick<ActivityDeps, 'database'>,
  { workspace, runId, response }: Answered,
): Promise<(tx: Tenant) => Promise<void>> {
  const answer = (await whole(deps, workspace, unseal(response as never))) as Json;
  return (tx) => putResponse(tx, { runId, response: answer });
}
