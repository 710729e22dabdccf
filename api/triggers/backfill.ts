import { nextTimes, type ScheduleSpec } from '../../graph/schedule/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findTrigger, type TriggerName } from './find.ts';
import { declaredTrigger } from './setup/declared.ts';
import { knownChanges, scheduleId, scheduleOf } from './setup/schedule.ts';

/** Most times of one backfill: as many as Temporal keeps waiting. */
const MAX_TIMES = 1_000;

/**
 * Fires a schedule for the times between two moments, both included. A time that has started its run starts no other.
 *
 * @throws ApiProblem `trigger.notFound`, `trigger.unsuited`, `backfill.tooMany`, `request.invalid`
 */
export async function backfill(
  ctx: Context,
  input: TriggerName & { from: string; to: string; overlap?: ScheduleSpec['overlap'] },
) {
  const row = await findTrigger(ctx, input);
  if (row.uses !== 'schedule') throw unsuited(`"${input.id}" is a ${row.uses}; only a schedule can be backfilled.`);
  if (!row.enabled || !row.workflowActive)
    throw unsuited(`"${input.id}" is switched off, so its times start no runs. Switch it on first.`);
  const { from, to } = rangeOf(input);
  const spec = scheduleOf((await declaredTrigger(ctx, row)).with);
  const times = nextTimes(spec.times, { from, until: to + 1, count: MAX_TIMES + 1 });
  if (times.length > MAX_TIMES)
    throw new ApiProblem(
      'backfill.tooMany',
      `It fires more than ${MAX_TIMES} times in that time. Backfill it in parts: the first could end at ${iso(times[MAX_TIMES - 1]!)}.`,
    );
  const overlap = input.overlap ?? (spec.overlap === 'allowAll' ? 'allowAll' : 'bufferAll');
  if (times.length > 0 && !(await ctx.runs.schedules.backfill(scheduleId(ctx, row), { from, to, overlap })))
    throw unsuited(`"${input.id}" is not set up yet. Try again in a moment.`);
  return { count: times.length, first: isoOrNull(times[0]), last: isoOrNull(times.at(-1)) };
}

function rangeOf(input: { from: string; to: string }): { from: number; to: number } {
  const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
  if (to < from) throw new ApiProblem('request.invalid', '"to" is before "from".');
  const known = knownChanges(Date.now());
  if (from < known.from || to > known.until)
    throw new ApiProblem(
      'request.invalid',
      `"from" and "to" must be between ${iso(known.from)} and ${iso(known.until)}.`,
    );
  return { from, to };
}

const unsuited = (detail: string): ApiProblem => new ApiProblem('trigger.unsuited', detail);

const iso = (at: number): string => new Date(at).toISOString();

const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : iso(at));
