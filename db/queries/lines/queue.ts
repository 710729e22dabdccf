import { type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { heldGroup, slot, turn } from '../../schema/index.ts';
import { unescapeText } from '../../text.ts';

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

/** Firings that are held together. */
export interface WaitingGroup {
  readonly group: string;
  readonly word: 'debounce' | 'batch';
  readonly trigger: string;
  readonly version: number;
  readonly key: string;
  readonly count: number;
  readonly openedAt: string;
  readonly dueAt: string;
  /** Why its run did not begin, if that was tried. */
  readonly reason: string | null;
}

/** What waits, at most `limit` of each kind, and how many there are of it. */
export interface Queue {
  readonly waiting: readonly WaitingRun[];
  readonly waitingCount: number;
  readonly held: readonly WaitingGroup[];
  readonly heldCount: number;
}

/** Keys are shown in part, because a key is a value of any size. */
const KEY_SHOWN = 200;

const instantOf = (column: SQL): SQL => sql`to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What waits of a workflow: runs by line and place, held firings by the time at which their run is due. */
export async function queueOf(tx: Tenant, input: { workflow: string; limit: number }): Promise<Queue> {
  const { workflow, limit } = input;
  const runs = await tx.db.execute<Counted & WaitingRun>(sql`
    select *, count(*) over ()::int as total from (
      select run_id as "runId", 'concurrency' as word, ${placeIn(sql`key`)} as position, left(key, ${KEY_SHOWN}) as key, priority,
        ${instantOf(sql`since`)} as since, null as until, seq from ${slot}
        where workspace_id = ${tx.workspace} and workflow = ${workflow} and not held
      union all
      select run_id, 'rateLimit', ${placeIn(sql`key`)}, left(key, ${KEY_SHOWN}), priority,
        ${instantOf(sql`since`)}, ${instantOf(sql`asks_at`)}, seq from ${turn}
        where workspace_id = ${tx.workspace} and workflow = ${workflow} and taken_at is null
    ) as line order by word, position, seq limit ${limit}`);
  const groups = await tx.db.execute<Counted & WaitingGroup>(sql`
    select id as "group", word, trigger, version, left(key, ${KEY_SHOWN}) as key, count, ${instantOf(sql`opened_at`)} as "openedAt",
      ${instantOf(sql`due_at`)} as "dueAt", reason, count(*) over ()::int as total
    from ${heldGroup} where workspace_id = ${tx.workspace} and workflow = ${workflow} and due_at is not null
    order by due_at, id limit ${limit}`);
  return {
    waiting: runs.rows.map(({ total: _total, seq: _seq, ...run }) => ({ ...run, key: unescapeText(run.key) })),
    waitingCount: runs.rows[0]?.total ?? 0,
    held: groups.rows.map(({ total: _total, ...group }) => ({
      ...group,
      key: unescapeText(group.key),
      reason: group.reason === null ? null : unescapeText(group.reason),
    })),
    heldCount: groups.rows[0]?.total ?? 0,
  };
}

type Counted = { readonly total: number; readonly seq?: string } & Record<string, unknown>;

const placeIn = (key: SQL): SQL => sql`row_number() over (partition by md5(${key}) order by priority, seq)::int`;
