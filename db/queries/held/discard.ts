import { and, eq, isNull, or, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { heldGroup } from '../../schema/index.ts';
import { forgetEvents, groupOf } from './events.ts';

/**
 * Discards what a group holds: no run begins for it, and what was refused is no longer kept. Its events are known as before.
 *
 * @returns how many events it had; null if there is no such group, or if its run has begun
 */
export async function discardGroup(
  tx: Tenant,
  { workflow, id }: { workflow: string; id: string },
): Promise<number | null> {
  const [gone] = await tx.db
    .update(heldGroup)
    .set({ outcome: 'discarded', open: false, dueAt: null, settledAt: sql`now()` })
    .where(and(groupOf(tx, { workflow, id }), or(isNull(heldGroup.settledAt), eq(heldGroup.outcome, 'refused'))))
    .returning({ count: heldGroup.count });
  if (!gone) return null;
  await forgetEvents(tx, id);
  return gone.count;
}
