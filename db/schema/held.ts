import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Json, JsonObject } from '../../graph/json.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';
import type { FiringOutcome } from './firing.ts';
import { workflow } from './workflow.ts';

/**
 * Firings that a workflow's `debounce` or `batch` holds until one run begins for all of them. A group belongs to the
 * version that opened it, and its run is of that version.
 */
export const heldGroup = pgTable(
  'held_group',
  {
    workspaceId: workspaceId(),
    /** The key of the run follows from it. */
    id: text('id').notNull(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    /** Type of the trigger. */
    uses: text('uses').notNull(),
    version: integer('version').notNull(),
    word: text('word').$type<'debounce' | 'batch'>().notNull(),
    key: anyText('key').notNull(),
    /** It takes further firings. There is one such group for each trigger, version and key. */
    open: boolean('open').notNull().default(true),
    count: integer('count').notNull().default(1),
    /** Of the inputs, as JSON, and of the keys of the events. */
    bytes: integer('bytes').notNull(),
    /** `trigger` of the run: that of the event that came last. Of all the others, nobody needs it. */
    newest: jsonText<JsonObject>('newest'),
    /** How many runs are above its run. Null: none. */
    depth: integer('depth'),
    openedAt: instant('opened_at').notNull().default(sql`now()`),
    /** When to start the run, or to try it again. Null: it is settled. */
    dueAt: instant('due_at'),
    attempts: integer('attempts').notNull().default(0),
    outcome: text('outcome').$type<Exclude<FiringOutcome, 'held'> | 'discarded'>(),
    runId: text('run_id'),
    /** Why no run was started. */
    reason: anyText('reason'),
    settledAt: instant('settled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
    uniqueIndex('held_group_open')
      .on(t.workspaceId, t.workflow, t.trigger, t.version, sql`md5(${t.key})`)
      .where(sql`${t.open}`),
    index('held_group_due').on(t.workspaceId, t.dueAt).where(sql`${t.dueAt} is not null`),
    index('held_group_age').on(t.workspaceId, t.settledAt).where(sql`${t.settledAt} is not null`),
    index('held_group_refused').on(t.workspaceId, t.workflow, t.settledAt, t.id).where(sql`${t.outcome} = 'refused'`),
  ],
);

/** One firing of a group. With a key, it stays for thirty days, because the same event may come again. */
export const heldFiring = pgTable(
  'held_firing',
  {
    workspaceId: workspaceId(),
    groupId: text('group_id').notNull(),
    /** In the order in which the firings came. */
    position: integer('position').notNull(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    /** One firing per key and trigger. Null: it is unlike any other. */
    key: anyText('key'),
    /**
     * What a run of its own would have had. Null: no longer needed. Only events that came before `newest` was kept beside
     * them have a trigger here.
     */
    payload: jsonText<{ readonly trigger?: JsonObject; readonly input: Json }>('payload'),
    at: instant('at').notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.groupId, t.position] }),
    foreignKey({
      columns: [t.workspaceId, t.groupId],
      foreignColumns: [heldGroup.workspaceId, heldGroup.id],
    }).onDelete('cascade'),
    index('held_firing_by_key')
      .on(t.workspaceId, t.workflow, t.trigger, sql`md5(${t.key})`)
      .where(sql`${t.key} is not null`),
  ],
);
