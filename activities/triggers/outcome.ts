import {
  countOutcomes,
  type HeldAnswer,
  noteTriggerError,
  type Tenant,
  type TriggerOutcome,
  type TriggerRow,
} from '../../db/index.ts';
import { StartError } from '../../graph/start/index.ts';
import { NodeError } from '../../integrations/error.ts';

/** Whether a trigger may fire. */
export const isOn = (row: TriggerRow | null): row is TriggerRow => row?.enabled === true && row.workflowActive;

/** Why a trigger may not fire. */
export const off = (row: TriggerRow | null): { outcome: 'off'; reason: string } => ({
  outcome: 'off',
  reason: row ? 'It is switched off.' : 'The published version has no such trigger.',
});

/** What came of a firing that starts no run. @throws the error, if it may be gone by the next attempt */
export function notBegun(error: unknown): { outcome: 'declined' | 'refused'; reason: string } {
  const isFinal = error instanceof StartError || (error instanceof NodeError && !error.retryable);
  if (!isFinal) throw error;
  return { outcome: error.code === 'trigger.declined' ? 'declined' : 'refused', reason: error.message };
}

/** What came of a firing that is held, or of one whose event was held before. */
export const heldOutcome = ({ isNew, group }: HeldAnswer): { outcome: 'held' | 'duplicate'; reason: string } => ({
  outcome: isNew ? 'held' : 'duplicate',
  reason: `It is one of the firings of group ${group}.`,
});

/** Counts a firing, and keeps why it was refused. */
export async function countFiring(
  tx: Tenant,
  trigger: { workflow: string; trigger: string },
  fired: { outcome: Exclude<TriggerOutcome, 'seen'>; reason?: string },
): Promise<void> {
  await countOutcomes(tx, [
    { ...trigger, outcome: 'seen', count: 1 },
    { ...trigger, outcome: fired.outcome, count: 1 },
  ]);
  if (fired.outcome === 'refused') await noteTriggerError(tx, { ...trigger, error: fired.reason ?? '' });
}
