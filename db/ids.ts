import { createHash } from 'node:crypto';
import { runIdFrom } from '../graph/start/run-id.ts';

/**
 * Temporal's workflow id of a run. The same key gives the same id, so Temporal itself refuses the second start.
 *
 * @param input.trigger id of the trigger, or null for a call
 */
export function workflowIdOf(input: {
  workspace: string;
  workflow: string;
  trigger: string | null;
  key: string;
}): string {
  const key = createHash('sha256').update(input.key).digest('hex').slice(0, 32);
  return `${input.workspace}/${input.workflow}/${input.trigger ?? 'call'}/${key}`;
}

/** The product's id of a run, from its Temporal workflow id. */
export const runIdOf = (workflowId: string): string => runIdFrom(createHash('sha256').update(workflowId).digest());

/** The key of the run that begins for a group of held firings. */
export const heldKeyOf = (group: string): string => `held:${group}`;

/** Longest id of an event that is kept as it is. */
const LONGEST_EVENT_ID = 255;

/** The id of an event whose sender's ids are unique only among the events of one source. */
export function eventIdOf({ source, id }: { readonly source: string; readonly id: string }): string {
  const both = `${source} ${id}`;
  return both.length > LONGEST_EVENT_ID ? createHash('sha256').update(both).digest('hex') : both;
}
