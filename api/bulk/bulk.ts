import { MOST_LOOKED_AT, matchingRuns, OPEN_STATUSES } from '../../db/index.ts';
import type { RunStatus } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { terminateRun } from '../controls/terminate.ts';
import { cancelRun } from '../controls/whole-run.ts';
import { problemOf } from '../http/errors.ts';
import { ApiProblem } from '../http/problem.ts';
import { inParallel } from '../in-parallel.ts';
import { rerun } from '../rerun/rerun.ts';
import { type Asked, filterOf } from '../runs/list.ts';

/** Most runs of one request: what is left is done by the next one. */
export const MOST_RUNS = 1_000;
const CONCURRENCY = 8;

/**
 * The key under which a run is repeated with others. It is the same in all requests, because a request that is sent
 * again, or at the same time by somebody else, must not repeat a run twice.
 */
const RERUN_KEY = 'bulk/rerun';

const OVER: readonly RunStatus[] = ['failed', 'cancelled', 'terminated', 'timed-out'];

/** What can be done to many runs. */
export type BulkAction = 'cancel' | 'terminate' | 'rerun';

/** What is done to which runs. */
export interface BulkRequest {
  readonly action: BulkAction;
  readonly filter: Asked;
  /** How many runs the caller has seen that there are. Absent: they are only counted. */
  readonly expected?: number | undefined;
  readonly reason?: string | undefined;
  readonly by: string;
  readonly key?: string | undefined;
}

/** What became of it. */
export interface BulkAnswer {
  /** How many runs match, at most `MOST_RUNS`. */
  readonly count: number;
  /** There are more. */
  readonly more: boolean;
  /** Null: nothing was done. */
  readonly done: number | null;
  readonly failed: readonly { readonly run: string; readonly code: string }[];
}

/**
 * Counts the runs that match, or does something to all of them, if they are as many as the caller expects.
 *
 * @throws ApiProblem `bulk.changed`, `filter.notFound`
 */
export async function bulk(ctx: Context, request: BulkRequest): Promise<BulkAnswer> {
  const { action, expected } = request;
  const found = await ctx.tenant(async (tx) => {
    const { status, ...filter } = await filterOf(tx, request.filter);
    const statuses = statusesFor(action, status);
    // A repeated run keeps its status: it would match forever.
    return matchingRuns(tx, { ...filter, statuses, notRepeated: action === 'rerun', limit: MOST_RUNS + 1 });
  });
  if (found === null) throw tooWide();
  const ids = found.slice(0, MOST_RUNS);
  const counted = { count: ids.length, more: found.length > MOST_RUNS };
  if (expected === undefined) return { ...counted, done: null, failed: [] };
  if (expected !== ids.length) throw changed(ids.length, expected);
  const failed = (await inParallel(ids, CONCURRENCY, (id) => attempt(ctx, id, request))).flatMap((one) => one ?? []);
  return { ...counted, done: ids.length - failed.length, failed };
}

function statusesFor(action: BulkAction, status: RunStatus | undefined): readonly RunStatus[] {
  const possible = action === 'rerun' ? [...OVER, 'succeeded' as const] : OPEN_STATUSES;
  if (status === undefined) return action === 'rerun' ? OVER : OPEN_STATUSES;
  if (possible.includes(status)) return [status];
  throw new ApiProblem(
    'request.invalid',
    `body/filter/status: "${action}" is for runs that are ${possible.join(', ')}.`,
  );
}

async function attempt(ctx: Context, id: string, request: BulkRequest): Promise<{ run: string; code: string } | null> {
  const { by, reason, action } = request;
  const key = action === 'rerun' ? RERUN_KEY : request.key && `bulk/${request.key}`;
  try {
    await ACTIONS[action](ctx, { id, by, reason, key });
    return null;
  } catch (error) {
    return { run: id, code: problemOf(error).code };
  }
}

const ACTIONS = { cancel: cancelRun, terminate: terminateRun, rerun } as const;

const tooWide = (): ApiProblem =>
  new ApiProblem(
    'request.invalid',
    `body/filter: fits few of the first ${MOST_LOOKED_AT} runs that were looked at. Say more: a workflow, a code of an error, times.`,
  );

const changed = (now: number, expected: number): ApiProblem =>
  new ApiProblem('bulk.changed', `${now} runs match now, not ${expected}. Nothing was done: look again.`);
