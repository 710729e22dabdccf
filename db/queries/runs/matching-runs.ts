import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { planOf, type RunFilter, type Side } from './run-filter.ts';
import { listRuns } from './run-list.ts';
import type { RunSummary } from './runs.ts';

/** Most rows that are looked at for each status. A filter that says so little is refused. */
export const MOST_LOOKED_AT = 1_000_000;

/** Runs that something is done to together. */
export interface ManyRuns extends Omit<RunFilter, 'status'> {
  readonly statuses: readonly RunStatus[];
  readonly limit: number;
}

/** Ids of the runs that match, the oldest first, at most `limit`; null: too many rows were looked at. */
export async function matchingRuns(tx: Tenant, { statuses, limit, ...filter }: ManyRuns): Promise<string[] | null> {
  const found: RunSummary[] = [];
  for (const status of statuses) {
    const some = await oldestRuns(tx, { ...filter, status }, limit);
    if (some === null) return null;
    found.push(...some);
  }
  return found
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    .slice(0, limit)
    .map(({ id }) => id);
}

const placeOf = ({ startedAt, id }: RunSummary): string => `${startedAt} ${id}`;

/** Reads pages from the end of the list, until there are enough runs or no more. */
async function oldestRuns(tx: Tenant, filter: RunFilter, limit: number): Promise<RunSummary[] | null> {
  const found: RunSummary[] = [];
  const { most } = planOf(tx, filter);
  let side: Side = { to: 'newer' };
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += most) {
    const { items, edge } = await listRuns(tx, { ...filter, side, limit: limit - found.length });
    found.push(...items.reverse());
    if (edge === null || found.length >= limit) return found;
    side = { to: 'newer', of: edge };
  }
  return null;
}
