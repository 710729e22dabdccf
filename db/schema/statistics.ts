import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { RunStatus } from '../../graph/run-state/state/types.ts';
import { dollars, instant, jsonText, workspaceId } from './columns.ts';

/** How long a bucket of statistics is. */
export type Grain = 'hour' | 'day';

/** How long a time is by which steps are summed up. */
export type StepGrain = 'day' | 'month';

/** How many took how long, by bin (`queries/statistics/histogram.ts`). */
export type Histogram = Readonly<Record<string, number>>;

/** Runs that ended, by workflow and time. The workflow '' stands for all of the workspace. */
export const runStatistic = pgTable(
  'run_statistic',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    grain: text('grain').$type<Grain>().notNull(),
    at: instant('at').notNull(),
    counts: jsonText<Partial<Record<RunStatus, number>>>('counts').notNull(),
    durations: jsonText<Histogram>('durations').notNull(),
    /** What calls to models cost in them, as far as prices are known. */
    cost: dollars('cost').notNull().default(sql`0`),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.grain, t.at] })],
);

/** Steps of runs that ended, by workflow, time and node. Months hold what their days hold, so that a year reads few rows. */
export const stepStatistic = pgTable(
  'step_statistic',
  {
    workspaceId: workspaceId(),
    workflow: text('workflow').notNull(),
    grain: text('grain').$type<StepGrain>().notNull().default('day'),
    /** Its first day, in UTC. */
    day: instant('day').notNull(),
    node: text('node').notNull(),
    type: text('type').notNull(),
    count: integer('count').notNull(),
    failed: integer('failed').notNull(),
    /** Attempts beyond the first. */
    retries: integer('retries').notNull(),
    /** What all of them took together, in milliseconds. */
    ms: bigint('ms', { mode: 'number' }).notNull(),
    durations: jsonText<Histogram>('durations').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.workflow, t.grain, t.day, t.node] }),
    index('step_statistic_of_day').on(t.workspaceId, t.grain, t.day),
  ],
);

interface Cursor {
  readonly next: number;
  readonly open: readonly number[];
  readonly partly?: { readonly xid: number; readonly seq: number };
}

/** How far the statistics of a workspace have counted. */
export const statisticState = pgTable(
  'statistic_state',
  {
    workspaceId: workspaceId(),
    /** Runs that end from here on are counted as they are told. Those that ended before are counted from their rows. */
    since: instant('since').notNull().default(sql`now()`),
    /** What has been counted of what was told: a `ChangeCursor`. */
    cursor: jsonText<Cursor>('cursor').notNull(),
    /** The same number as in the cursor, for whoever removes what was counted. */
    next: bigint('next', { mode: 'number' }).notNull(),
    /** Up to which run the rows from before have been counted: when it started, and its id. */
    rowsAt: instant('rows_at'),
    rowsId: text('rows_id'),
    rowsDone: boolean('rows_done').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.workspaceId] })],
);
