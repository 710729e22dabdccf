import { type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { slot, turn } from '../../schema/index.ts';
import { unescapeText } from '../../text.ts';
import { hasEnded } from './in-line.ts';

/** A run that waits for its place. */
export interface WaitingRun {
  readonly runId: string;
  readonly word: 'concurrency' | 'rateLimit';
  /** 1: the next one of its key. */
  readonly position: number;
  readonly key: string;
  readonly priority: number;
  readonly since: string;
  /** When it may go on, if that is known. */
  readonly until: string | null;
}

/** Where a page ends: at the run that came last. */
export type WaitingCursor = readonly [word: string, priority: number, seq: string];

/** A page of what waits. `next`: null at the end. */
export interface WaitingPage {
  readonly waiting: readonly WaitingRun[];
  readonly next: WaitingCursor | null;
  /** How many there are in all. */
  readonly count: number;
}

/** Keys are shown in part, because a key is a value of any size. */
export const KEY_SHOWN = 200;

/** A moment as ISO text. */
export const instantOf = (column: SQL): SQL => sql`to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * The runs of a workflow that wait in line, by word and in the order in which they go. Runs that have ended do not wait,
 * although their rows may stay for a while.
 */
export async function waitingRuns(
  tx: Tenant,
  { workflow, limit, after }: { workflow: string; limit: number; after?: WaitingCursor },
): Promise<WaitingPage> {
  const [word, priority, seq] = after ?? [];
  const isAfter = after ? sql`(word, priority, seq) > (${word}, ${priority}::int, ${seq}::bigint)` : sql`true`;
  const { rows } = await tx.db.execute<Row>(sql`
    with line as (
      select run_id as "runId", 'concurrency' as word, ${PLACE} as position, left(key, ${KEY_SHOWN}) as key, priority::int,
        ${instantOf(sql`since`)} as since, null as until, seq from ${slot}
        where workspace_id = ${tx.workspace} and workflow = ${workflow} and not held and not ${hasEnded(slot)}
      union all
      select run_id, 'rateLimit', ${PLACE}, left(key, ${KEY_SHOWN}), priority::int,
        ${instantOf(sql`since`)}, ${instantOf(sql`asks_at`)}, seq from ${turn}
        where workspace_id = ${tx.workspace} and workflow = ${workflow} and taken_at is null and not ${hasEnded(turn)}
    )
    select page.*, total.count from (select count(*)::int as count from line) as total
    left join (select * from line where ${isAfter} order by word, priority, seq limit ${limit + 1}) as page on true
    order by word, priority, seq`);
  const found = rows.filter(({ runId }) => runId !== null);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    waiting: page.map(({ count: _count, seq: _seq, ...run }) => ({ ...run, key: unescapeText(run.key) })),
    next: last ? [last.word, last.priority, String(last.seq)] : null,
    count: rows[0]!.count,
  };
}

/** Without a page, there is one row of nulls, which bears the count. */
type Row = WaitingRun & { readonly count: number; readonly seq: string } & Record<string, unknown>;

const PLACE = sql`row_number() over (partition by md5(key) order by priority, seq)::int`;
