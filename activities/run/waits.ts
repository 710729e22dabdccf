import { eventsFor, upsertRun, withWorkspace } from '../../db/index.ts';
import type { WaitsInput } from '../../workflows/activities.ts';
import { type EventMessage, SIGNAL_EVENT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** Most events that are returned together, in bytes of JSON, because they are one payload in history. */
const EVENTS_TOGETHER = 256_000;

/**
 * Implements `blokWaits`: writes the wait index first, then looks for events that arrived before. An event is stored
 * before it is matched, so that one of the two finds it. Events that do not fit in the answer are sent one by one.
 */
export async function recordWaits(
  { database, temporal, followed }: Pick<ActivityDeps, 'database' | 'temporal' | 'followed'>,
  { record: run, opened, seen = [] }: WaitsInput,
): Promise<EventMessage[]> {
  const { workspace } = run;
  await withWorkspace(database, workspace, (tx) => upsertRun(tx, run));
  followed.tell(workspace);
  const waits = run.waits.filter((wait) => wait.kind === 'event');
  const fresh = waits.filter((wait) => opened.includes(wait.step));
  if (fresh.length === 0) return [];
  const found = await withWorkspace(database, workspace, async (tx) => {
    const events = new Map<string, EventMessage>();
    for (const { event, key = null } of fresh) {
      // Each wait takes one event.
      const wanted = { name: event!, key, since: run.startedAt, except: seen, limit: waits.length };
      for (const message of await eventsFor(tx, wanted)) events.set(message.id, message);
    }
    return [...events.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
  });
  let bytes = 0;
  const firstLeft = found.findIndex((event) => {
    bytes += Buffer.byteLength(JSON.stringify(event));
    return bytes > EVENTS_TOGETHER;
  });
  if (firstLeft < 0) return found;
  const handle = temporal.workflow.getHandle(run.workflowId);
  for (const event of found.slice(firstLeft)) await handle.signal(SIGNAL_EVENT, event);
  return found.slice(0, firstLeft);
}
