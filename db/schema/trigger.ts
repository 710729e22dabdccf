import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Json } from '../../graph/json.ts';
import { anyText, instant, jsonText, workspaceId } from './columns.ts';
import { workflow } from './workflow.ts';

/** What a trigger is doing: `pending` until what its version asks for has been set up outside of Postgres. */
export type TriggerState = 'pending' | 'active' | 'off' | 'failed';

/**
 * Triggers of published versions. Publishing writes what is wanted; a background task of the API sets it up in Temporal
 * or at the provider, and repeats that until it succeeds. So the rows are an outbox: nothing spans both atomically.
 */
export const trigger = pgTable(
  'trigger',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    id: text('id').notNull(),
    uses: text('uses').notNull(),
    /** The version whose declaration counts. A firing starts this version. */
    version: integer('version').notNull(),
    /** The published version has no such trigger. The row goes when what was set up is taken down. */
    gone: boolean('gone').notNull().default(false),
    /** A person's switch. */
    enabled: boolean('enabled').notNull().default(true),
    /** Why a person switched the trigger off. */
    note: anyText('note'),
    /** Since when the trigger, or its whole workflow, is switched off. Null: it is on, and nothing is to be made up. */
    offSince: instant('off_since'),
    state: text('state').$type<TriggerState>().notNull().default('pending'),
    /** Why it is `failed`. */
    reason: anyText('reason'),
    /** When to set it up (again). Null: nothing is to be done. */
    dueAt: instant('due_at').default(sql`now()`),
    attempts: integer('attempts').notNull().default(0),
    /** Counts the changes of what is wanted: a result for an older one is not taken for the current one. */
    revision: integer('revision').notNull().default(1),
    /** SHA-256 of the address's token, in hexadecimal; webhooks and forms only. */
    tokenHash: text('token_hash'),
    /** Version of the workspace's data key from which the token is derived, and how often the address was changed. */
    tokenKey: integer('token_key'),
    rotation: integer('rotation').notNull().default(0),
    /** What it listens to: the name of an event, or a workflow that fails. Null: nothing, or an expression says it. */
    subject: anyText('subject'),
    /** What a provider returned when the trigger was registered. */
    registration: jsonText<Json>('registration'),
    lastFiredAt: instant('last_fired_at'),
    lastError: anyText('last_error'),
    lastErrorAt: instant('last_error_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.workflow, t.id] }),
    foreignKey({
      columns: [t.workspaceId, t.workflow],
      foreignColumns: [workflow.workspaceId, workflow.name],
    }).onDelete('cascade'),
    uniqueIndex('trigger_by_token').on(t.tokenHash),
    index('trigger_due').on(t.workspaceId, t.dueAt).where(sql`${t.dueAt} is not null`),
    index('trigger_by_type').on(t.workspaceId, t.uses),
  ],
);

/**
 * What became of what reached a trigger. Every `seen` is one of `started`, `held`, `declined`, `refused` and `duplicate`.
 * What was held counts again when its run begins: one `started` (or `declined`, or `refused`) for the whole group. A run
 * that was started and then dropped, because its workflow's limit was reached, counts also as `dropped`.
 */
export type TriggerOutcome = 'seen' | 'started' | 'held' | 'declined' | 'refused' | 'duplicate' | 'dropped';

/** How often each outcome happened, by hour. */
export const triggerCount = pgTable(
  'trigger_count',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    hour: instant('hour').notNull(),
    outcome: text('outcome').$type<TriggerOutcome>().notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.trigger, t.hour, t.outcome] })],
);

/**
 * What a watch has found and nobody can read: it starts nothing, and the watch goes on behind it. The row goes with the
 * trigger.
 */
export const deadLetter = pgTable(
  'dead_letter',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    key: anyText('key').notNull(),
    /** Where it is, for people. */
    place: anyText('place').notNull(),
    reason: anyText('reason').notNull(),
    at: instant('at').notNull().default(sql`now()`),
    /** Counts the letters of a trigger, so that the list has an order. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (t) => [
    primaryKey({ name: 'dead_letter_pk', columns: [t.workspaceId, t.workflow, t.trigger, t.key] }),
    foreignKey({
      name: 'dead_letter_of_trigger',
      columns: [t.workspaceId, t.workflow, t.trigger],
      foreignColumns: [trigger.workspaceId, trigger.workflow, trigger.id],
    }).onDelete('cascade'),
    index('dead_letter_order').on(t.workspaceId, t.workflow, t.trigger, t.seq),
  ],
);

/** On which terms calls are held. */
export interface CaptureTerms {
  /** A held call starts no run. */
  readonly instead: boolean;
}

/** Places for the next calls of a webhook, which are held for building. */
export const capture = pgTable(
  'capture',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    seq: integer('seq').notNull(),
    /** The call; until it came, the terms on which it is held. */
    request: jsonText<Json | CaptureTerms>('request'),
    /** Null until a call came. */
    at: instant('at'),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.trigger, t.seq] })],
);

/** What a `respond` node answered, for the caller that waits for it at any API process. */
export const runResponse = pgTable(
  'run_response',
  {
    workspaceId: workspaceId(),
    runId: text('run_id').notNull(),
    response: jsonText<Json>('response').notNull(),
    at: instant('at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId] })],
);
