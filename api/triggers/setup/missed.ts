import { knownRuns, runIdOf, type TriggerRow, workflowIdOf } from '../../../db/index.ts';
import { canonicalJson } from '../../../graph/document/canonical.ts';
import type { JsonObject } from '../../../graph/json.ts';
import { firingKey, nextTimes, type ScheduleSpec } from '../../../graph/schedule/index.ts';
import type { Context } from '../../context.ts';
import { loadVersion } from '../../start/published.ts';

/** What a schedule was set up with: kept in the trigger's row. */
export interface SetUpSchedule {
  readonly uses: 'schedule';
  readonly version: number;
  readonly with: JsonObject;
}

/** A schedule, and its parameters as they are now. */
interface Schedule {
  readonly spec: ScheduleSpec;
  readonly with: JsonObject;
}

/**
 * From when on the times of a schedule that has just been set up are to be made up for: since it was switched off, or
 * since the version was published that asks for other times. Null: it went on as it was.
 */
export async function missedSince(ctx: Context, row: TriggerRow, schedule: Schedule): Promise<number | null> {
  const { workflow, version, offSince } = row;
  const { publishedAt } = await ctx.tenant((tx) => loadVersion(ctx, tx, { name: workflow, version }));
  const published = Date.parse(publishedAt);
  if (offSince !== null) return offFrom(ctx, row, { ...schedule.spec, off: Date.parse(offSince), published });
  // What is active was set up with this version, and is only renewed.
  const former = row.registration as SetUpSchedule | null;
  if (row.state === 'active' || former?.version === version) return null;
  const wentOn = former?.uses === 'schedule' && canonicalJson(former.with) === canonicalJson(schedule.with);
  return wentOn ? null : published;
}

/** How late Temporal may be with a time. What it has not fired when it is told to pause, it drops. */
const LATE_MS = 60_000;

/** Most times that are looked at. If the jitter makes more of them possible, only those of the last minute are. */
const MAX_TIMES = 500;

/**
 * The switch, or the first time shortly before it that has started no run. Such a time was dropped, or delayed by the
 * jitter, or had nothing to start; trying once more does no harm.
 */
async function offFrom(
  ctx: Context,
  { workflow, id }: Pick<TriggerRow, 'workflow' | 'id'>,
  { times, jitterMs, off, published }: Pick<ScheduleSpec, 'times' | 'jitterMs'> & { off: number; published: number },
): Promise<number> {
  const runOf = (at: number): string =>
    runIdOf(workflowIdOf({ workspace: ctx.workspace, workflow, trigger: id, key: firingKey(times, at) }));
  const lastOf = (ms: number): number[] =>
    nextTimes(times, { from: Math.max(off - ms, published), until: off, count: MAX_TIMES });
  const wide = lastOf(LATE_MS + jitterMs);
  const all = wide.length < MAX_TIMES ? wide : lastOf(LATE_MS);
  const known = await ctx.tenant((tx) => knownRuns(tx, { runIds: all.map(runOf) }));
  return all.find((at) => !known.has(runOf(at))) ?? off;
}
