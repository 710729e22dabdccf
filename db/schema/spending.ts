import { sql } from 'drizzle-orm';
import { bigint, boolean, date, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { anyText, dollars, instant, workspaceId } from './columns.ts';

/**
 * What is known of a call to a model. `reserved`: it is being made; `settled`: it was made, and its usage is known; `released`:
 * it was certainly not charged; `unknown`: nobody knows, so its estimate stays counted.
 */
export type CallState = 'reserved' | 'settled' | 'released' | 'unknown';

/** Calls to models, a row for each attempt. */
export const modelCall = pgTable(
  'model_call',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    runId: text('run_id').notNull(),
    workflow: text('workflow').notNull(),
    step: text('step').notNull(),
    /** The step, or the container whose calls count together. */
    unit: text('unit').notNull(),
    attempt: integer('attempt').notNull(),
    connection: anyText('connection'),
    provider: anyText('provider').notNull(),
    model: anyText('model').notNull(),
    /** The day in the workspace's time zone on which the call was reserved: it counts there, whenever it ends. */
    day: date('day', { mode: 'string' }).notNull(),
    state: text('state').$type<CallState>().notNull(),
    input: bigint('input', { mode: 'number' }).notNull().default(0),
    cacheRead: bigint('cache_read', { mode: 'number' }).notNull().default(0),
    cacheWrite: bigint('cache_write', { mode: 'number' }).notNull().default(0),
    output: bigint('output', { mode: 'number' }).notNull().default(0),
    reasoning: bigint('reasoning', { mode: 'number' }).notNull().default(0),
    seconds: doublePrecision('seconds').notNull().default(0),
    images: integer('images').notNull().default(0),
    /** The provider did not report what it used, so the most that it can have been is counted. */
    estimated: boolean('estimated').notNull().default(false),
    /** The most that it can cost. Null: nobody knows the price. */
    estimate: dollars('estimate'),
    /** Null: it is not settled, or nobody knows the price. */
    cost: dollars('cost'),
    /** What budgets count: the estimate, later the cost; 0 if it was released, or if nobody knows the price. */
    counted: dollars('counted').notNull(),
    /** The provider's id of the call. */
    responseId: anyText('response_id'),
    madeAt: instant('made_at').notNull().default(sql`now()`),
    settledAt: instant('settled_at'),
    /** After this, nobody works on a reserved call any more. */
    leaseUntil: instant('lease_until').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('model_call_by_day').on(t.workspaceId, t.day),
    index('model_call_newest').on(t.workspaceId, t.madeAt, t.id),
    index('model_call_of_run').on(t.workspaceId, t.runId),
    // For calls whose worker is gone: few are being made at any time, of all that were ever made.
    index('model_call_reserved').on(t.workspaceId, t.leaseUntil).where(sql`${t.state} = 'reserved'`),
  ],
);

/** What is counted together: a step, a run, a workflow or the workspace; in all, or of a day or a month. */
export type BudgetScope = 'step' | 'run' | 'workflow' | 'workspace';
export type BudgetPeriod = 'total' | 'day' | 'month';
export type BudgetKind = 'hard' | 'soft';

/** How much may be spent. */
export const budget = pgTable(
  'budget',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    scope: text('scope').$type<BudgetScope>().notNull(),
    /** Only calls of this workflow; '': of any. */
    workflow: text('workflow').notNull().default(''),
    period: text('period').$type<BudgetPeriod>().notNull(),
    amount: dollars('amount').notNull(),
    /** `hard`: a call that does not fit is not made. `soft`: it is made, and people are warned. */
    kind: text('kind').$type<BudgetKind>().notNull(),
    updatedAt: instant('updated_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] })],
);

/**
 * Sums of what calls count, for what some budget limits. A row is made when a budget first needs it, from the calls until then,
 * and is changed together with them.
 */
export const spendAccount = pgTable(
  'spend_account',
  {
    workspaceId: workspaceId(),
    /** Which calls it sums: `workspace/day/2026-11-27`, `run/r1`, … */
    key: text('key').notNull(),
    counted: dollars('counted').notNull(),
    changedAt: instant('changed_at').notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] })],
);
