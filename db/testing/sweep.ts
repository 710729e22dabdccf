import type { Tenant } from '../database.ts';
import { SWEEPS } from '../queries/retention.ts';

/** Removes everything that has passed its retention, in one transaction. @returns how many rows were removed */
export async function sweep(tx: Tenant): Promise<number> {
  let gone = 0;
  for (const remove of SWEEPS) gone += await remove(tx);
  return gone;
}
