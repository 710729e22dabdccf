import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';

/** The events of a group. */
export const ofGroup = (tx: Tenant, id: string) =>
  and(eq(heldFiring.workspaceId, tx.workspace), eq(heldFiring.groupId, id));

/** The group itself. */
export const groupIs = (tx: Tenant, id: string) => and(eq(heldGroup.workspaceId, tx.workspace), eq(heldGroup.id, id));

/** The same, if it belongs to a workflow. */
export const groupOf = (tx: Tenant, { workflow, id }: { workflow: string; id: string }) =>
  and(groupIs(tx, id), eq(heldGroup.workflow, workflow));

/** Keeps of the events of a group only their keys, because the same events may come again. */
export async function forgetEvents(tx: Tenant, id: string): Promise<void> {
  await forget(tx, ofGroup(tx, id));
  await tx.db
    .update(heldGroup)
    .set({ newest: sql`null` })
    .where(and(groupIs(tx, id), isNotNull(heldGroup.newest)));
}

/** The same for the event before a new one, because only the last event of a `debounce` makes the run. */
export async function forgetBefore(tx: Tenant, group: string, position: number): Promise<void> {
  await forget(tx, and(ofGroup(tx, group), eq(heldFiring.position, position - 1)));
}

async function forget(tx: Tenant, those: ReturnType<typeof and>): Promise<void> {
  await tx.db.delete(heldFiring).where(and(those, isNull(heldFiring.key)));
  await tx.db
    .update(heldFiring)
    .set({ payload: sql`null` })
    .where(and(those, isNotNull(heldFiring.payload)));
}
