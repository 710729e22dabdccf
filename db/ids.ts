import { createHash } from 'node:crypto';

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

/** The product's id of a run: `r` and 25 digits (125 bits) of the SHA-256 of its Temporal workflow id, in Crockford's base32. */
export function runIdOf(workflowId: string): string {
  const digest = createHash('sha256').update(workflowId).digest();
  let id = 'r';
  for (let digit = 0; digit < 25; digit++) {
    const bit = digit * 5;
    const pair = (digest[bit >> 3]! << 8) | digest[(bit >> 3) + 1]!;
    id += CROCKFORD[(pair >> (11 - (bit & 7))) & 31];
  }
  return id;
}

/** The key of the run that begins for a group of held firings. */
export const heldKeyOf = (group: string): string => `held:${group}`;

/** Longest id of an event that is kept as it is. */
const LONGEST_EVENT_ID = 255;

/** The id of an event whose sender's ids are unique only among the events of one source. */
export function eventIdOf({ source, id }: { readonly source: string; readonly id: string }): string {
  const both = `${source} ${id}`;
  return both.length > LONGEST_EVENT_ID ? createHash('sha256').update(both).digest('hex') : both;
}

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
