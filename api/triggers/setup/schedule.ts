import type { TriggerRow } from '../../../db/index.ts';
import type { JsonObject } from '../../../graph/json.ts';
import {
  isSameInUtc,
  nextTimes,
  readSchedule,
  type ScheduleSpec,
  temporalCron,
  timesAtChanges,
} from '../../../graph/schedule/index.ts';
import { triggerWorkflowId } from '../../../workflows/contract.ts';
import type { Context } from '../../context.ts';
import { hashOf } from '../../hash.ts';
import type { WantedSchedule } from '../../runs-port.ts';
import { missedSince, type SetUpSchedule } from './missed.ts';
import { Refused, type TriggerSetup } from './types.ts';

/** How often it is looked whether another change of the clock has come near. */
const RENEW_MS = 24 * 3_600_000;

/** A schedule is one of Temporal's, whose action is a small workflow of ours. */
export const scheduleSetup: TriggerSetup = {
  up: async (ctx, row, trigger) => {
    const spec = scheduleOf(trigger.with);
    const wanted = wantedSchedule(ctx, row, { spec, cron: cronOf(trigger.with) });
    await ctx.runs.schedules.put(wanted);
    const now = Date.now();
    const since = await missedSince(ctx, row, { spec, with: trigger.with });
    const from = Math.max(since ?? now, now - spec.catchUpMs);
    if (since !== null && nextTimes(spec.times, { from, until: now + 1, count: 1 }).length > 0)
      await ctx.runs.schedules.backfill(wanted.id, { from, to: now, overlap: spec.overlap });
    const registration: SetUpSchedule = { uses: 'schedule', version: row.version, with: trigger.with };
    return { againInMs: RENEW_MS, registration: { ...registration } };
  },
  down: async (ctx, row) => {
    const id = scheduleId(ctx, row);
    if (row.gone) await ctx.runs.schedules.remove(id);
    else await ctx.runs.schedules.pause(id, row.note ?? 'Switched off.');
  },
};

/** The id of a trigger's schedule. */
export const scheduleId = (ctx: Context, { workflow, id }: Pick<TriggerRow, 'workflow' | 'id'>): string =>
  `${triggerWorkflowId({ workspace: ctx.workspace, workflow, trigger: id })}schedule`;

/** The parameters with which a schedule was set up, if it is as its version wants it; null if that must be looked up. */
export function setUpWith({ state, registration }: Pick<TriggerRow, 'state' | 'registration'>): JsonObject | null {
  return state === 'active' ? ((registration as SetUpSchedule | null)?.with ?? null) : null;
}

/** What a schedule asks for. @throws Refused if the values of variables do not fit */
export function scheduleOf(parameters: JsonObject): ScheduleSpec {
  const { spec, problems } = readSchedule(parameters);
  const first = problems[0];
  if (first) throw new Refused([`with${first.path}: ${first.message}`, first.hint].filter(Boolean).join(' '));
  return spec;
}

/** The time in which changes of the clock are known to a schedule: the same for a year, so that it need not be changed. */
export function knownChanges(now: number): { from: number; until: number } {
  const year = new Date(now).getUTCFullYear();
  return { from: Date.UTC(year - 2, 0), until: Date.UTC(year + 4, 0) };
}

const cronOf = ({ cron }: JsonObject): string[] => (cron === undefined ? [] : ([cron].flat() as string[]));

function wantedSchedule(
  ctx: Context,
  row: TriggerRow,
  { spec, cron }: { spec: ScheduleSpec; cron: string[] },
): WantedSchedule {
  const { times, overlap, jitterMs, catchUpMs } = spec;
  const { zone, everyMs, start: startAt, end: endAt } = times;
  const now = Date.now();
  const { from, until } = knownChanges(now);
  const inUtc = isSameInUtc(times, from, until);
  const moments = inUtc ? [] : timesAtChanges(times, { from, until, now });
  const claim = ctx.signer.signTrigger({ workspace: ctx.workspace, workflow: row.workflow, trigger: row.id });
  const shared = {
    cron: times.crons.flatMap(temporalCron),
    everyMs,
    moments,
    timezone: inUtc ? 'UTC' : zone,
    startAt,
    endAt,
    jitterMs,
    catchUpMs,
  };
  const hash = hashOf({ ...shared, overlap, claim: claim.mac });
  return {
    ...shared,
    id: scheduleId(ctx, row),
    note: `Trigger ${row.id} of ${row.workflow}.`,
    input: { claim, cron, timezone: zone, overlap, wanted: { hash, revision: row.revision } },
  };
}
