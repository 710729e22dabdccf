/** Lists of runs: pages in both directions, and counts. */
import { type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { run } from '../../schema/index.ts';
import { inOrder, planOf, type RunCursor, type RunFilter, type Side, type Walk } from './run-filter.ts';
import { type RunSummary, SUMMARY } from './runs.ts';

/** A page of a list, newest first. */
export interface RunPage {
  readonly items: RunSummary[];
  /** Where the list goes on in the direction in which it was read; null: this is its end. */
  readonly edge: RunCursor | null;
}

/**
 * Runs, newest first; `side` says beside which run the page begins, and to which side it goes. Every page costs the same,
 * however far down the list: one index holds the filter that few runs fit in the order of the list, and the other filters
 * are applied to what is read of it.
 */
export async function listRuns(
  tx: Tenant,
  { side = { to: 'older' }, limit, ...filter }: RunFilter & { side?: Side; limit: number },
): Promise<RunPage> {
  const plan = planOf(tx, filter);
  // One more than asked for tells whether there is another page.
  const rows = await tx.db.execute<Record<keyof RunSummary, never>>(pageQuery(plan, side, limit + 1));
  const found = rows.rows.map(present);
  const items = found.slice(0, limit);
  const edge = found.length > limit ? placeOf(items.at(-1)!) : await lookedAt(tx, plan, side);
  return { items: side.to === 'newer' ? items.reverse() : items, edge };
}

/** The query of a page, for whoever looks at how it is carried out. */
export const pageQuery = (plan: Walk, side: Side, limit: number): SQL =>
  plan.rest === undefined
    ? plan.rows(COLUMNS, side, limit)
    : sql`select * from (${plan.rows(COLUMNS, side, plan.most)}) as run where ${plan.rest}
        order by ${inOrder(side)} limit ${limit}`;

/** The last row that a page has looked at, if there are more; null at the end of the list. */
async function lookedAt(tx: Tenant, plan: Walk, side: Side): Promise<RunCursor | null> {
  if (plan.rest === undefined) return null;
  const place = sql`${run.startedAt}, ${run.id}`;
  const { rows } = await tx.db.execute<{ startedAt: string; id: string }>(
    sql`select started_at as "startedAt", id from (${plan.rows(place, side, plan.most)}) as run offset ${plan.most - 1}`,
  );
  return rows[0] ? { startedAt: iso(rows[0].startedAt), id: rows[0].id } : null;
}

/** How many runs a filter fits. */
export interface RunCount {
  readonly count: number;
  /** False: there are more; only so many were looked at. */
  readonly exact: boolean;
}

/** Counts runs, as far as the rows tell that a page looks at: counting all of a million takes longer than a page may. */
export async function countRuns(tx: Tenant, filter: RunFilter): Promise<RunCount> {
  const plan = planOf(tx, filter);
  const { rows } = await tx.db.execute<{ count: number; seen: number }>(countQuery(plan));
  const { count, seen } = rows[0]!;
  return { count: Math.min(count, plan.most), exact: seen <= plan.most };
}

/** The query of a count. */
export const countQuery = (plan: Walk): SQL => {
  const [side, limit] = [{ to: 'older' } as const, plan.most + 1];
  const columns = plan.rest === undefined ? sql`1` : sql`${run}.*`;
  return sql`select count(*) filter (where ${plan.rest ?? sql`true`})::int as count, count(*)::int as seen
    from (${plan.places?.(side, limit) ?? plan.rows(columns, side, limit)}) as run`;
};

/** The rows of lists under the names of their columns, so that filters find them. */
const COLUMNS = sql.join(
  [...new Set([...Object.values(SUMMARY), run.month, run.triggerId, run.uses, run.errorCode, run.parentId])].map(
    (column) => sql`${column}`,
  ),
  sql`, `,
);

/** `execute` gives what the driver gives: columns by their names in the database, times as it reads them. */
function present(row: Record<string, unknown>): RunSummary {
  const entries = Object.entries(SUMMARY).map(([name, column]) => {
    const value = row[column.name];
    return [name, value === null ? null : column.mapFromDriverValue(value)];
  });
  return Object.fromEntries(entries) as RunSummary;
}

const iso = (time: string): string => new Date(time).toISOString();

const placeOf = ({ startedAt, id }: RunSummary): RunCursor => ({ startedAt, id });
