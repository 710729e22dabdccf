import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { heldGroup } from '../../schema/index.ts';
import { unescapeText } from '../../text.ts';
import { instantOf, KEY_SHOWN } from '../lines/queue.ts';

/** Events that are held together, or were refused together. */
export interface WaitingGroup {
  readonly group: string;
  readonly word: 'debounce' | 'batch';
  readonly trigger: string;
  readonly version: number;
  readonly key: string;
  /** How many events came; of a `debounce`, only the last is kept. */
  readonly count: number;
  readonly openedAt: string;
  /** When their run begins. Null: they were refused, or their run has begun. */
  readonly dueAt: string | null;
  /** When they were refused. */
  readonly refusedAt: string | null;
  /** Why their run did not begin, if that was tried. */
  readonly reason: string | null;
}

/** Where a page ends: at the group that came last. */
export type GroupCursor = readonly [at: string, id: string];

/** A page of groups. `next`: null at the end. */
export interface GroupPage {
  readonly groups: readonly WaitingGroup[];
  readonly next: GroupCursor | null;
  /** How many there are in all. */
  readonly count: number;
}

/** The groups of a workflow whose runs are to begin, by the time at which they are due; or those that were refused, by that time. */
export async function waitingGroups(
  tx: Tenant,
  input: { workflow: string; which: 'held' | 'refused'; limit: number; after?: GroupCursor },
): Promise<GroupPage> {
  const { workflow, which, limit, after } = input;
  const [at, those] =
    which === 'held'
      ? [sql`due_at`, sql`due_at is not null`]
      : [sql`settled_at`, sql`outcome = 'refused' and settled_at is not null`];
  const ours = sql`workspace_id = ${tx.workspace} and workflow = ${workflow} and ${those}`;
  const isAfter = after ? sql`(${at}, id) > (${after[0]}::timestamptz, ${after[1]})` : sql`true`;
  const { rows } = await tx.db.execute<Row>(sql`
    select page.*, total.count as total from (select count(*)::int as count from ${heldGroup} where ${ours}) as total
    left join (select id as "group", word, trigger, version, left(key, ${KEY_SHOWN}) as key, count,
      ${instantOf(sql`opened_at`)} as "openedAt", ${instantOf(sql`due_at`)} as "dueAt",
      ${instantOf(sql`settled_at`)} as "refusedAt", reason
      from ${heldGroup} where ${ours} and ${isAfter} order by ${at}, id limit ${limit + 1}) as page on true
    order by ${which === 'held' ? sql`"dueAt"` : sql`"refusedAt"`}, "group"`);
  const found = rows.filter(({ group }) => group !== null);
  const groups = found.slice(0, limit).map(({ total: _total, ...group }) => ({
    ...group,
    key: unescapeText(group.key),
    reason: group.reason === null ? null : unescapeText(group.reason),
  }));
  const last = found.length > limit ? groups.at(-1) : undefined;
  return { groups, next: last ? [(last.dueAt ?? last.refusedAt)!, last.group] : null, count: rows[0]!.total };
}

/** Without a page, there is one row of nulls, which bears the count. */
type Row = WaitingGroup & { readonly total: number } & Record<string, unknown>;
