import type { Logger } from 'pino';
import {
  closeRun,
  isDatabaseAway,
  leaveLines,
  openRuns,
  type RunSummary,
  runIdOf,
  withWorkspace,
} from '../../db/index.ts';
import { countEnd } from '../../telemetry/count-end.ts';
import type { Deps } from '../context.ts';
import { inParallel } from '../in-parallel.ts';
import { RunsError } from '../runs-port.ts';
import { repeat } from './repeat.ts';
import { tellNext } from './tell-next.ts';

const EVERY_MS = 15_000;
/** Rows younger than this are left alone: their run may be about to close itself. */
const SETTLED_MS = 10_000;
/** Temporal lists what has ended a little later. */
const LISTED_LATE_MS = 60_000;
/** Rows compared in each round. With more open runs than this, each row is checked only every few rounds. */
const PAGE = 100;
const CONCURRENCY = 8;

type Reconciled = Pick<Deps, 'database' | 'runs' | 'workspace' | 'log' | 'telemetry' | 'rounds'>;

/**
 * Compares open rows with Temporal every 15 seconds. So a run that was terminated or crashed there, or whose closing
 * write was lost, does not stay open here, and does not keep its place from others. What was ended in Temporal is
 * found within a round or two, however many runs are open.
 *
 * @returns a function that stops the comparison; its promise resolves when the current round is over
 */
export function startReconciler(deps: Reconciled): () => Promise<void> {
  let after: string | undefined;
  let since = Date.now();
  return repeat(deps, {
    name: 'reconciling',
    everyMs: EVERY_MS,
    work: async () => {
      const begun = Date.now();
      try {
        await closeEnded(deps, new Date(since - LISTED_LATE_MS));
        since = begun;
      } finally {
        after = (await reconcile(deps, after)).next;
      }
    },
  });
}

/** Closes the rows of runs that somebody ended in Temporal since then. */
export async function closeEnded(deps: Reconciled, since: Date): Promise<number> {
  const among = (await deps.runs.endedFromOutside(deps.workspace, since)).map(runIdOf);
  if (among.length === 0) return 0;
  const rows = await withWorkspace(deps.database, deps.workspace, (tx) =>
    openRuns(tx, { olderThanMs: 0, limit: among.length, among }),
  );
  return closeAll(deps, rows);
}

/** One round over a page of open runs, from `after` on. `next` is where the following round begins. */
export async function reconcile(
  deps: Reconciled,
  after?: string,
  options: { olderThanMs?: number; limit?: number } = {},
): Promise<{ closed: number; next: string | undefined }> {
  const { olderThanMs = SETTLED_MS, limit = PAGE } = options;
  const page = await withWorkspace(deps.database, deps.workspace, (tx) =>
    openRuns(tx, { olderThanMs, limit, ...(after === undefined ? {} : { after }) }),
  );
  const closed = await closeAll(deps, page);
  return { closed, next: page.length === limit ? page.at(-1)?.id : undefined };
}

const closeAll = async (deps: Reconciled, rows: readonly RunSummary[]): Promise<number> =>
  (await inParallel(rows, CONCURRENCY, (run) => closeQuietly(deps, run))).filter(Boolean).length;

/** A run whose row cannot be closed keeps no other run from being compared. */
async function closeQuietly(deps: Reconciled, run: RunSummary): Promise<boolean> {
  try {
    return await closeIfOver(deps, run);
  } catch (error) {
    const isAway = isDatabaseAway(error) || (error instanceof RunsError && error.code === 'temporal.unavailable');
    if (isAway) throw error;
    deps.log.error({ err: error, run: run.id }, 'a run could not be compared with Temporal');
    return false;
  }
}

/** Closes a row whose run is over in Temporal. */
export async function closeIfOver(deps: Reconciled, run: RunSummary): Promise<boolean> {
  const known = await deps.runs.describe(run.workflowId);
  if (known?.open) return false;
  const end = known ? await endOf(deps, run, known.closedAt) : lost();
  if (!end) return false;
  const { closed, next } = await withWorkspace(deps.database, deps.workspace, async (tx) => ({
    closed: await closeRun(tx, { runId: run.id, ...end }),
    next: await leaveLines(tx, { runId: run.id }),
  }));
  if (closed) {
    report(deps.log, run, end.status);
    countEnd(deps.telemetry, { ...end, startedAt: run.startedAt });
  }
  await tellNext(deps, next);
  return closed;
}

async function endOf(deps: Reconciled, run: RunSummary, closedAt: string | null) {
  try {
    const outcome = await deps.runs.result(run.workflowId, 5_000);
    if (!outcome) return null;
    const { status, output, outputRef, error } = outcome;
    return {
      status,
      output,
      outputRef: outputRef ?? null,
      error: error ?? null,
      endedAt: closedAt ?? new Date().toISOString(),
    };
  } catch (error) {
    // The run changed between the two calls: the next round sees what became of the run.
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** The end of a run Temporal no longer knows, because its history was removed or the server lost its data. */
const lost = () =>
  ({
    status: 'terminated',
    output: null,
    error: {
      code: 'run.lost',
      message: 'Temporal no longer knows this run, so it is unknown how the run ended.',
      step: '',
      node: '',
      attempts: 0,
      unknown: true,
    },
    endedAt: new Date().toISOString(),
  }) as const;

const report = (log: Logger, run: RunSummary, status: string) =>
  log.info({ run: run.id, status }, 'closed a run that had ended in Temporal');
