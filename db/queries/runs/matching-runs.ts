import { and, asc, eq, inArray, notExists, sql } from 'drizzle-orm';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { control, run } from '../../schema/index.ts';
import { startedWithin } from './run-filter.ts';

/** Runs that something is done to together. */
export interface RunsFilter {
  readonly workflow?: string | undefined;
  readonly statuses: readonly RunStatus[];
  /** ISO times of the start. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Code of the error with which the run ended. */
  readonly errorCode?: string | undefined;
  /** Leave out runs that were repeated: what they did is done already. */
  readonly notRepeated?: boolean | undefined;
}

/** Ids of the runs that match, the oldest first, at most `limit`. */
export async function matchingRuns(tx: Tenant, filter: RunsFilter & { readonly limit: number }): Promise<string[]> {
  const { workflow, statuses, since, until, errorCode, notRepeated, limit } = filter;
  const rows = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(
      and(
        eq(run.workspaceId, tx.workspace),
        inArray(run.status, [...statuses]),
        workflow === undefined ? undefined : eq(run.workflow, workflow),
        startedWithin({ from: since, to: until }),
        // Runs of earlier versions have no `error_code`.
        errorCode === undefined ? undefined : sql`${run.error}::json ->> 'code' = ${errorCode}`,
        notRepeated ? notExists(repeats(tx)) : undefined,
      ),
    )
    .orderBy(asc(run.startedAt), asc(run.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Re-runs of a run that have begun. */
const repeats = (tx: Tenant) =>
  tx.db
    .select({ one: sql`1` })
    .from(control)
    .where(
      and(
        eq(control.workspaceId, tx.workspace),
        eq(control.runId, run.id),
        eq(control.action, 'rerun'),
        eq(control.outcome, 'done'),
      ),
    );
