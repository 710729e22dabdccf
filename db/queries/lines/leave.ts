import { isNull, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { slot, turn } from '../../schema/index.ts';
import { hasEnded, type InLine, type LineTable } from './in-line.ts';
import { queueFor, releaseSlot } from './slots.ts';
import { leaveTurns, nextForTurn } from './turns.ts';

/** Most rows that one transaction removes. */
const REMOVED = 1_000;

/** Takes a run that has ended out of all lines. Returns the workflow ids of runs that should ask now. */
export async function leaveLines(tx: Tenant, run: { readonly runId: string }): Promise<string[]> {
  return [...(await releaseSlot(tx, run)).slice(0, 1), ...(await leaveTurns(tx, run))];
}

/**
 * Takes runs out of all lines that have ended and did not leave by themselves. A turn that was taken counts for as long as
 * it does.
 *
 * @returns workflow ids of runs that should ask now: the next one of each line that has become shorter
 */
export async function leaveEnded(tx: Tenant): Promise<string[]> {
  const next: string[] = [];
  for (const line of await removeEnded(tx, slot)) next.push(...(await queueFor(tx, line)).slice(0, 1));
  for (const line of await removeEnded(tx, turn)) next.push(...(await nextForTurn(tx, line)));
  return next;
}

/** Returns the lines that have become shorter. */
async function removeEnded(tx: Tenant, table: LineTable): Promise<Line[]> {
  const waits = table === turn ? isNull(turn.takenAt) : sql`true`;
  const gone = await tx.db
    .delete(table)
    .where(
      sql`${table.workspaceId} = ${tx.workspace} and ${table.runId} in (select ${table.runId} from ${table}
        where ${table.workspaceId} = ${tx.workspace} and ${waits} and ${hasEnded(table)} limit ${REMOVED})`,
    )
    .returning({ workflow: table.workflow, key: table.key });
  return [...new Map(gone.map((line) => [JSON.stringify([line.workflow, line.key]), line])).values()];
}

type Line = Pick<InLine, 'workflow' | 'key'>;
