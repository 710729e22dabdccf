/** Steps of a run that may have very many: page by page, and counted by where they are. */
import { and, asc, eq, gt, ne, type SQL, sql } from 'drizzle-orm';
import type { RunError, StepStatus } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { step } from '../../schema/index.ts';
import { isBelow, ofRun, STEP_FACTS } from './steps.ts';

/** A step as a list shows it: without its data. */
export interface ListedStep {
  readonly path: string;
  readonly node: string;
  readonly type: string;
  readonly label: string | null;
  readonly status: StepStatus;
  readonly port: string | null;
  readonly error: RunError | null;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Which steps of a run are listed. */
export interface StepFilter {
  readonly runId: string;
  /** Path of a container, of one of its items, or of another body: the steps below it. */
  readonly under?: string | undefined;
  readonly status?: StepStatus | undefined;
}

/** Steps by path, at most `limit`, after the last one of the page before. */
export async function stepPage(
  tx: Tenant,
  { runId, under, status, after, limit }: StepFilter & { after?: string | undefined; limit: number },
): Promise<ListedStep[]> {
  return tx.db
    .select(STEP_FACTS)
    .from(step)
    .where(
      and(
        ofRun(tx, runId),
        under === undefined ? undefined : isBelow(under),
        status === undefined ? undefined : eq(step.status, status),
        after === undefined ? undefined : gt(step.path, after),
      ),
    )
    .orderBy(asc(step.path))
    .limit(limit);
}

/** How many steps of a node there are, by status and the port they left by. */
export interface PlaceCount {
  /** Their path without the numbers of items: `each.charge`. */
  readonly place: string;
  readonly node: string;
  readonly type: string;
  readonly status: StepStatus;
  readonly port: string | null;
  readonly count: number;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Counts the steps of a run at each place of its graph. `except`: paths that are not counted. */
export async function placeCounts(
  tx: Tenant,
  { runId, except }: { runId: string; except: readonly string[] },
): Promise<PlaceCount[]> {
  const place = sql<string>`regexp_replace(${step.path}, '\\[[0-9]+\\]', '', 'g')`;
  return tx.db
    .select({ place, node: step.node, type: step.type, status: step.status, port: step.port, ...SUMS })
    .from(step)
    .where(and(ofRun(tx, runId), isNone(except)))
    .groupBy(sql`1`, step.node, step.type, step.status, step.port)
    .orderBy(sql`1`);
}

/** How many steps of an item of a loop there are, by status. */
export interface ItemCount {
  readonly index: number;
  readonly status: StepStatus;
  readonly count: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Most digits of the number of an item. */
const DIGITS = 9;

/**
 * The items of a loop from a number on, at most `limit` of them, with counts of their steps. Items are looked up by their
 * numbers, so a page of a long loop costs what it shows. Where items are missing, the rest of the loop is read.
 */
export async function itemCounts(
  tx: Tenant,
  input: { runId: string; loop: string; from: number; limit: number; except: readonly string[] },
): Promise<ItemCount[]> {
  const { from, limit } = input;
  const near = await countsOf(
    tx,
    input,
    Array.from({ length: limit }, (_, n) => from + n),
  );
  if (new Set(near.map(({ index }) => index)).size === limit) return near;
  const indexes = await nextItems(tx, input);
  return (indexes.at(-1) ?? 0) < from + limit ? near : countsOf(tx, input, indexes);
}

async function countsOf(
  tx: Tenant,
  { runId, loop, except }: { runId: string; loop: string; except: readonly string[] },
  indexes: readonly number[],
): Promise<ItemCount[]> {
  const { rows } = await tx.db.execute<Record<keyof ItemCount, never>>(sql`
    select item.index, counted.*
    from (select n as index, ${loop}::text || '[' || n || ']' as path
      from unnest(${sql.param([...indexes])}::int[]) as n) as item
    cross join lateral (
      select ${step.status}, count(*)::int as count, min(${step.startedAt}) as "startedAt", max(${step.endedAt}) as "endedAt"
      from ${step}
      where ${ofRun(tx, runId)} and ${isNone(except)}
        and ${step.path} > item.path || '.' and ${step.path} < item.path || '/'
      group by ${step.status}
    ) as counted
    order by 1, 2`);
  return rows.map(({ startedAt, endedAt, ...row }) => ({ ...row, startedAt: iso(startedAt), endedAt: iso(endedAt) }));
}

/** The numbers of the next items that have steps. */
async function nextItems(
  tx: Tenant,
  { runId, loop, from, limit }: { runId: string; loop: string; from: number; limit: number },
): Promise<number[]> {
  const prefix = `${loop}[`;
  const index = sql<number>`substring(${step.path} from ${prefix.length + 1}::int for ${DIGITS}::int)`;
  const { rows } = await tx.db.execute<{ index: number }>(sql`
    select distinct split_part(${index}, ']', 1)::int as index from ${step}
    where ${ofRun(tx, runId)} and ${step.path} > ${prefix} and ${step.path} < ${`${loop}\\`}
      and split_part(${index}, ']', 1) ~ '^[0-9]+$' and split_part(${index}, ']', 1)::int >= ${from}
    order by 1 limit ${limit}`);
  return rows.map(({ index: one }) => one);
}

const SUMS = {
  count: sql<number>`count(*)::int`,
  attempts: sql<number>`sum(${step.attempts})::int`,
  startedAt: sql<string | null>`min(${step.startedAt})`.mapWith(step.startedAt),
  endedAt: sql<string | null>`max(${step.endedAt})`.mapWith(step.endedAt),
};

/** As columns of that kind are read: `execute` gives what the driver gives. */
const iso = (time: unknown): string | null => (time === null ? null : new Date(time as string).toISOString());

const isNone = (paths: readonly string[]): SQL =>
  paths.length === 0 ? sql`true` : ne(step.path, sql`all(${sql.param([...paths])}::text[])`);
