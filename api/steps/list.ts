import { type ListedStep, type StepFilter, stepPage } from '../../db/index.ts';
import { isInside } from '../../graph/replay/index.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { name } from '../http/fields.ts';
import { liveRun } from './live.ts';
import type { WireListedStep } from './schema.ts';

/** Longest path that a cursor holds. */
const PATH = name(2_000);

/**
 * A page of the steps of a run, by path: of all, or of those below a container or an item of a loop.
 *
 * @throws ApiProblem `run.notFound`; `request.invalid` for an invalid cursor
 */
export async function listSteps(
  ctx: Context,
  { id, limit = 100, cursor, ...filter }: Omit<StepFilter, 'runId'> & { id: string; limit?: number; cursor?: string },
): Promise<{ items: WireListedStep[]; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor, PATH);
  const { steps } = await liveRun(ctx, id);
  const live = new Map(steps.map((one) => [one.path, one]));
  const ours = steps.filter((one) => fits(one, filter) && (after === undefined || isAfter(one.path, after)));
  const stored = await storedPage(ctx, {
    ...filter,
    runId: id,
    after,
    limit: limit + 1,
    isStale: (path) => live.has(path),
  });
  const all = [...stored, ...ours.map(listed)].sort((a, b) => (isAfter(a.path, b.path) ? 1 : -1)).slice(0, limit + 1);
  return pageOf(all, { limit, placeOf: ({ path }) => path, present: presentStep });
}

/** Stored steps of which the run knows nothing newer: as many as are wanted, however many are stale. */
async function storedPage(
  ctx: Context,
  {
    isStale,
    limit,
    ...from
  }: StepFilter & { after: string | undefined; limit: number; isStale: (path: string) => boolean },
): Promise<ListedStep[]> {
  const found: ListedStep[] = [];
  for (let { after } = from; ; ) {
    const rows = await ctx.tenant((tx) => stepPage(tx, { ...from, after, limit }));
    found.push(...rows.filter(({ path }) => !isStale(path)));
    if (rows.length < limit || found.length >= limit) return found.slice(0, limit);
    after = rows.at(-1)!.path;
  }
}

function fits({ path, status }: StepRecord, { under, status: wanted }: Omit<StepFilter, 'runId'>): boolean {
  return (under === undefined || isInside(path, under)) && (wanted === undefined || status === wanted);
}

/** In the order of bytes, as the database has it. */
const isAfter = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;

const listed = ({
  path,
  node,
  type,
  label,
  status,
  port,
  error,
  attempts,
  startedAt,
  endedAt,
}: StepRecord): ListedStep => ({
  ...{ path, node, type, status, attempts },
  label: label ?? null,
  port: port ?? null,
  error: error ?? null,
  startedAt: startedAt ?? null,
  endedAt: endedAt ?? null,
});

const presentStep = ({ error, ...step }: ListedStep): WireListedStep => ({
  ...step,
  error: error && { code: error.code, message: error.message },
});
