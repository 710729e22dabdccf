import { WorkflowNotFoundError } from '@temporalio/client';
import {
  addFirings,
  eventIdOf,
  type FiringRow,
  firingsOf,
  matchWaits,
  storeEvent,
  withWorkspace,
} from '../../db/index.ts';
import { LARGEST_MESSAGE } from '../../graph/limits.ts';
import type { EmittedEvent, EventOutbox } from '../../integrations/context.ts';
import { NodeError } from '../../integrations/error.ts';
import { type EffectRequest, type EventMessage, SIGNAL_EVENT } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { depthBelow } from '../run/depth.ts';

/** Runs an event is sent to at once. */
const AT_ONCE = 16;

/**
 * Sends the event of a step. It is kept first, together with the triggers it fires; the API starts their runs. The step's
 * own path is its id, so that a retried attempt sends the same event.
 */
export const createOutbox = (deps: ActivityDeps, request: EffectRequest): EventOutbox => ({
  emit: async (given) => {
    if (Buffer.byteLength(JSON.stringify(given.data)) > LARGEST_MESSAGE)
      throw new NodeError('event.tooLarge', `The data are more than ${LARGEST_MESSAGE} bytes of JSON.`);
    const { event, firings } = await keep(deps, request, given);
    const delivered = await deliver(deps, request.workspace, event);
    return { id: event.id, delivered, triggers: firings.map(({ workflow, trigger }) => ({ workflow, trigger })) };
  },
});

async function keep(
  deps: ActivityDeps,
  { workspace, runId, step, depth }: EffectRequest,
  { name, key, data }: EmittedEvent,
): Promise<{ event: EventMessage; firings: FiringRow[] }> {
  const source = `run:${runId}`;
  const id = eventIdOf({ source, id: step });
  return withWorkspace(deps.database, workspace, async (tx) => {
    const { stored, ...event } = await storeEvent(tx, { id, name, key, data, source });
    if (!stored) return { event, firings: await firingsOf(tx, { key: id }) };
    const firings = await addFirings(tx, { uses: 'event', subject: name, key: id, depth: (depth ?? 0) + 1 });
    // An event that starts nothing may be sent from any depth. Otherwise nothing is kept of it.
    if (firings[0]) depthBelow(deps, firings[0].workflow, depth);
    return { event, firings };
  });
}

/** Sends an event to each run that waits for it. Whoever begins to wait from now on finds the kept event. */
async function deliver(deps: ActivityDeps, workspace: string, event: EventMessage): Promise<number> {
  const waiting = await withWorkspace(deps.database, workspace, (tx) =>
    matchWaits(tx, { name: event.name, key: event.key ?? null }),
  );
  let delivered = 0;
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    const told = waiting.slice(from, from + AT_ONCE).map(({ workflowId }) => tell(deps, workflowId, event));
    delivered += (await Promise.all(told)).filter(Boolean).length;
  }
  return delivered;
}

/** False if the run has ended. */
async function tell({ temporal }: ActivityDeps, workflowId: string, event: EventMessage): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(workflowId).signal(SIGNAL_EVENT, event);
    return true;
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return false;
    throw new NodeError('temporal.unavailable', 'Temporal does not answer.', { retryable: true, unknown: true });
  }
}
