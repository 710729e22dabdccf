import { and, eq, gt, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { trigger } from '../schema/index.ts';

/**
 * Notes that a time has found its trigger off which came before the switch: what is made up for, once the trigger is on
 * again, begins with this time. A setting up that goes on meanwhile is repeated, because it has not seen the note.
 *
 * @returns false if there is nothing to note: the trigger has been off since that time, or it is on by now
 */
export async function noteMissed(
  tx: Tenant,
  { workflow, id, at }: { workflow: string; id: string; at: string },
): Promise<boolean> {
  const own = and(eq(trigger.workspaceId, tx.workspace), eq(trigger.workflow, workflow), eq(trigger.id, id));
  const noted = await tx.db
    .update(trigger)
    .set({ offSince: at, revision: sql`${trigger.revision} + 1` })
    .where(and(own, gt(trigger.offSince, at)))
    .returning({ id: trigger.id });
  return noted.length > 0;
}
