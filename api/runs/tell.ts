import { randomUUID } from 'node:crypto';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { otherEvent } from '../events/other-event.ts';
import { hashOf } from '../hash.ts';
import { RunsError } from '../runs-port.ts';
import { openRun } from './load.ts';

/** Characters of a hash that tell two events apart. A run keeps them for each event it remembers. */
const DIGEST = 16;

/**
 * Sends an event to one run; the waits of the run take it, whatever their key. The same event sent again under the same
 * id counts once.
 *
 * @throws ApiProblem `run.ended`; `idempotency.mismatch` if another event came under this id
 */
export async function tellRun(
  ctx: Context,
  input: { id: string; name: string; data?: Json; eventId?: string },
): Promise<{ id: string }> {
  const run = await openRun(ctx, input.id);
  const id = input.eventId ?? randomUUID();
  const { name, data = null } = input;
  const digest = hashOf({ name, data }).slice(0, DIGEST);
  const event = { id, name, key: null, data, at: new Date().toISOString(), digest };
  try {
    // Temporal takes an update id once, so the id must tell one event from another.
    await ctx.runs.tell(run.workflowId, event, `${id}-${digest}`);
  } catch (error) {
    throw error instanceof RunsError && error.type === 'event.known' ? otherEvent(id) : error;
  }
  return { id };
}
