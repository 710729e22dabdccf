import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { heldGroup } from '../../schema/index.ts';

/** Most groups of a workspace whose runs have not begun, because a sender chooses how many there are. */
const MAX_GROUPS = 10_000;

/** Refuses the group that was just opened if there are too many. @throws DataError `held.tooMany` */
export async function requireRoom(tx: Tenant): Promise<void> {
  const { rows } = await tx.db.execute<{ count: number }>(sql`
    select count(*)::int as count from (select from ${heldGroup}
    where ${heldGroup.workspaceId} = ${tx.workspace} and ${heldGroup.dueAt} is not null limit ${MAX_GROUPS + 1}) as open`);
  if (rows[0]!.count <= MAX_GROUPS) return;
  throw new DataError(
    'held.tooMany',
    `More than ${MAX_GROUPS} groups of events are held in this workspace. Does the \`key\` of a \`debounce\` or \`batch\` ` +
      'differ for each event?',
  );
}
