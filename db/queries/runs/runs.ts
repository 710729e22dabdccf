import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import { BYTES_OF_STEPS_SHOWN, STEPS_SHOWN } from '../../../graph/limits.ts';
import type { RunError, RunStatus, StepRecord } from '../../../graph/run-state/state/types.ts';
import type { BlobRef, TriggerInfo, WaitRecord } from '../../../workflows/contract.ts';
import type { Tenant } from '../../database.ts';
import { run, runMonth, runPayload, unsignedRun } from '../../schema/index.ts';
import { inMonthOf, inTheirMonths } from './month.ts';
import { getSteps } from './steps.ts';
import { getWaits } from './waits.ts';

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string;
  readonly workflowId: string;
  readonly temporalRunId: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly trigger: TriggerInfo;
  readonly status: RunStatus;
  readonly error: RunError | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Id of the run that this one repeats. */
  readonly replayedFrom: string | null;
}

/** A run with what it got and returned. */
export interface RunValues extends RunSummary {
  readonly input: Json;
  readonly output: Json;
  readonly outputRef: BlobRef | null;
}

/** A run with its steps and waits. */
export interface StoredRun extends RunValues {
  /** The first that ended. */
  readonly steps: StepRecord[];
  /** There are others. */
  readonly moreSteps: boolean;
  readonly waits: WaitRecord[];
}

/** A run's row alone, or null. */
export async function getRunSummary(tx: Tenant, input: { runId: string }): Promise<RunSummary | null> {
  const [row] = await tx.db.select(SUMMARY).from(run).where(runIs(tx, input.runId));
  return row ?? null;
}

/** Which of these runs are known. */
export async function knownRuns(tx: Tenant, input: { runIds: readonly string[] }): Promise<Set<string>> {
  if (input.runIds.length === 0) return new Set();
  const those = and(eq(runMonth.workspaceId, tx.workspace), inArray(runMonth.runId, [...input.runIds]));
  const rows = await tx.db.select({ id: run.id }).from(runMonth).innerJoin(run, inTheirMonths).where(those);
  return new Set(rows.map(({ id }) => id));
}

/** A run with payloads, waits, and as many steps as an answer shows, or null. */
export async function getRun(tx: Tenant, input: { runId: string }): Promise<StoredRun | null> {
  const run = await getRunValues(tx, input);
  if (!run) return null;
  const shown = { by: 'end', most: STEPS_SHOWN, bytes: BYTES_OF_STEPS_SHOWN } as const;
  const { steps, more } = await getSteps(tx, { ...input, ...shown });
  return { ...run, steps, moreSteps: more, waits: await getWaits(tx, input) };
}

/** A run with what it got and returned, or null. */
export async function getRunValues(tx: Tenant, input: { runId: string }): Promise<RunValues | null> {
  const [row] = await tx.db
    .select({
      ...SUMMARY,
      whole: {
        // The first field says whether there is a row.
        runId: runPayload.runId,
        trigger: runPayload.trigger,
        input: runPayload.input,
        output: runPayload.output,
        outputRef: runPayload.outputRef,
        error: runPayload.error,
      },
    })
    .from(run)
    .leftJoin(
      runPayload,
      and(eq(runPayload.workspaceId, run.workspaceId), eq(runPayload.runId, run.id), eq(runPayload.month, run.month)),
    )
    .where(runIs(tx, input.runId));
  if (!row) return null;
  const { whole, ...summary } = row;
  return {
    ...summary,
    trigger: whole?.trigger ?? summary.trigger,
    error: whole?.error ?? summary.error,
    input: whole?.input ?? null,
    output: whole?.output ?? null,
    outputRef: whole?.outputRef ?? null,
  };
}

/** Whether input and trigger of a run are kept. */
export async function hasPayload(tx: Tenant, input: { runId: string }): Promise<boolean> {
  const found = await tx.db
    .select({ id: runPayload.runId })
    .from(runPayload)
    .where(
      and(
        eq(runPayload.workspaceId, tx.workspace),
        eq(runPayload.runId, input.runId),
        inMonthOf(tx, input.runId, runPayload.month),
      ),
    );
  return found.length > 0;
}

/**
 * Runs that have not ended and started at least `olderThanMs` ago, by id from `after` on. The reconciler compares them
 * with Temporal, page by page.
 *
 * @param input `among`: only those of these runs
 */
export async function openRuns(
  tx: Tenant,
  input: { olderThanMs: number; limit: number; after?: string; among?: readonly string[] },
): Promise<RunSummary[]> {
  return tx.db
    .select(SUMMARY)
    .from(run)
    .where(
      and(
        eq(run.workspaceId, tx.workspace),
        isNull(run.endedAt),
        sql`${run.startedAt} < now() - ${input.olderThanMs} * interval '1 millisecond'`,
        input.after === undefined ? undefined : gt(run.id, input.after),
        input.among === undefined ? undefined : inArray(run.id, [...input.among]),
      ),
    )
    .orderBy(asc(run.id))
    .limit(input.limit);
}

/** Whether at least `count` runs of the workspace are open. Reads an index that holds only open runs. */
export async function areOpen(tx: Tenant, { count }: { count: number }): Promise<boolean> {
  const found = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(and(eq(run.workspaceId, tx.workspace), isNull(run.endedAt)))
    .orderBy(asc(run.id))
    .offset(count - 1)
    .limit(1);
  return found.length > 0;
}

/** Whether a run was open when starts began to be signed, and so may go on without a signature. */
export async function isUnsignedRun(tx: Tenant, input: { workflowId: string }): Promise<boolean> {
  const found = await tx.db
    .select({ id: unsignedRun.workflowId })
    .from(unsignedRun)
    .where(and(eq(unsignedRun.workspaceId, tx.workspace), eq(unsignedRun.workflowId, input.workflowId)));
  return found.length > 0;
}

/** What lists show of a run. */
export const SUMMARY = {
  id: run.id,
  workflowId: run.workflowId,
  temporalRunId: run.temporalRunId,
  workflow: run.workflow,
  version: run.version,
  trigger: run.trigger,
  status: run.status,
  error: run.error,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  replayedFrom: run.replayedFrom,
};

const runIs = (tx: Tenant, runId: string) =>
  and(eq(run.workspaceId, tx.workspace), eq(run.id, runId), inMonthOf(tx, runId, run.month));
