import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { modelCall, spendAccount } from '../../schema/index.ts';
import { expireCalls } from './settle.ts';

/**
 * Removes calls to models after four hundred days, so that a year can be compared with the one before, and accounts that have
 * not changed for as long. Sums over all time stay, because nobody could make them again. Notes that the end of a call is
 * unknown if its worker is gone.
 *
 * @returns how many rows were removed, at most `limit` of each kind
 */
export async function forgetSpending(tx: Tenant, { limit }: { limit: number }): Promise<number> {
  await expireCalls(tx);
  const batch = sql`limit ${sql.raw(String(limit))}`;
  const calls = await tx.db.execute(sql`delete from ${modelCall} where ctid = any(array(select ctid from ${modelCall}
    where workspace_id = ${tx.workspace} and day < (now() - interval '400 days')::date ${batch}))`);
  const accounts =
    await tx.db.execute(sql`delete from ${spendAccount} where ctid = any(array(select ctid from ${spendAccount}
    where workspace_id = ${tx.workspace} and changed_at < now() - interval '400 days'
    and key not like 'workspace/total%' and key not like 'workflow/total%' ${batch}))`);
  return (calls.rowCount ?? 0) + (accounts.rowCount ?? 0);
}
