/** The months in which the history of runs is kept. */
import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';

/** The tables that are partitioned. Runs come first: their partition is dropped only if none of its runs is open. */
export const PARTITIONED = ['run', 'run_term', 'run_log', 'run_payload', 'step'] as const;
export type Partitioned = (typeof PARTITIONED)[number];

/** A partition, and the month at whose beginning it ends. */
export interface Partition {
  readonly table: Partitioned;
  readonly name: string;
  readonly until: string;
}

/** The partitions that end with a month, the oldest first. */
export async function listPartitions(tx: Tenant): Promise<Partition[]> {
  const { rows } = await tx.db.execute<{ table: Partitioned; name: string; bound: string }>(sql`
    select parent.relname as table, part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bound
    from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class part on part.oid = inhrelid
    where parent.relnamespace = 'public'::regnamespace and parent.relkind = 'p'`);
  const partitions = rows.flatMap(({ bound, ...names }) => {
    const until = / TO \('([0-9-]+)'\)/.exec(bound)?.[1];
    return until === undefined || !PARTITIONED.includes(names.table) ? [] : [{ ...names, until }];
  });
  const place = ({ until, table }: Partition): string => `${until} ${PARTITIONED.indexOf(table)}`;
  return partitions.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Makes the partition of a month, counted from this one, unless there is one. @returns whether it was made */
export async function addPartition(
  tx: Tenant,
  { table, ahead }: { table: Partitioned; ahead: number },
): Promise<boolean> {
  const month = sql`(date_trunc('month', now()) + ${ahead}::int * interval '1 month')::date`;
  const { rows } = await tx.db.execute<{ made: boolean }>(sql`select blok_add_partition(${table}, ${month}) as made`);
  return rows[0]!.made;
}

/**
 * Drops a partition, if all of its rows belong to this workspace and to runs that have ended.
 *
 * @returns `dropped`; `shared` if another workspace has rows there; `open` if a run is open
 */
export async function dropPartition(
  tx: Tenant,
  { table, name, until }: Partition,
): Promise<'dropped' | 'shared' | 'open'> {
  const { rows } = await tx.db.execute<{ outcome: 'dropped' | 'shared' | 'open' }>(
    sql`select blok_drop_partition(${table}, ${name}, ${until}::date) as outcome`,
  );
  return rows[0]!.outcome;
}
