import { setTimeout } from 'node:timers/promises';
import {
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { SCHEDULE_WORKFLOW, type ScheduleInput, TASK_QUEUE } from '../../workflows/contract.ts';
import type { Schedules, WantedSchedule } from '../runs-port.ts';
import { call, type TemporalServer } from './server.ts';

/** Schedules on a Temporal server. */
export function temporalSchedules(server: TemporalServer): Schedules {
  const handle = (id: string) => server.client.schedule.getHandle(id);
  return {
    put: (wanted) => call(server, () => put(server, wanted)),
    pause: async (id, note) => void (await call(server, () => ifKnown(() => handle(id).pause(note)))),
    remove: async (id) => void (await call(server, () => ifKnown(() => handle(id).delete()))),
    backfill: (id, { from, to, overlap }) =>
      call(server, () =>
        ifKnown(() => handle(id).backfill({ start: new Date(from), end: new Date(to), overlap: POLICIES[overlap] })),
      ),
  };
}

const POLICIES = {
  skip: 'SKIP',
  bufferOne: 'BUFFER_ONE',
  bufferAll: 'BUFFER_ALL',
  cancelOther: 'CANCEL_OTHER',
  terminateOther: 'TERMINATE_OTHER',
  allowAll: 'ALLOW_ALL',
} as const;

/** @returns false if there is no such schedule */
async function ifKnown(fn: () => Promise<void>): Promise<boolean> {
  try {
    await fn();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

async function put(
  { client, options: { taskQueue = TASK_QUEUE } }: TemporalServer,
  wanted: WantedSchedule,
): Promise<void> {
  const options = optionsOf(wanted, taskQueue);
  const handle = client.schedule.getHandle(wanted.id);
  if (!(await change(handle, wanted, options))) {
    try {
      await client.schedule.create({ ...options, scheduleId: wanted.id });
    } catch (error) {
      // Another process was quicker.
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await change(handle, wanted, options);
    }
  }
  await untilTaken(handle, wanted);
}

/**
 * The server answers a change before the schedule has taken it, and drops the times in between. Once the schedule is as
 * wanted, whoever makes up for what was missed until now makes up for those times, too.
 */
async function untilTaken(handle: ScheduleHandle, wanted: WantedSchedule): Promise<void> {
  while (!isAsWanted(await handle.describe(), wanted)) await setTimeout(50);
}

/** Left alone: an update makes the server forget times that it has not come to yet. */
class AsWanted extends Error {}

/** @returns false if there is no such schedule */
async function change(
  handle: ScheduleHandle,
  wanted: WantedSchedule,
  options: ReturnType<typeof optionsOf>,
): Promise<boolean> {
  try {
    return await ifKnown(() =>
      handle.update((known) => {
        if (isAsWanted(known, wanted)) throw new AsWanted();
        return options;
      }),
    );
  } catch (error) {
    if (error instanceof AsWanted) return true;
    throw error;
  }
}

function isAsWanted({ action, state }: ScheduleDescription, { input }: WantedSchedule): boolean {
  const [known] = (action.args ?? []) as [ScheduleInput?];
  if (!known) return false;
  const isLater = known.wanted.revision > input.wanted.revision;
  return isLater || (!state.paused && known.wanted.hash === input.wanted.hash);
}

/** An interval of thirty years means one moment: the others are long over, or far away. */
const AGES_MS = 10_957 * 86_400_000;

const optionsOf = (wanted: WantedSchedule, taskQueue: string) => ({
  spec: {
    cronExpressions: [...wanted.cron],
    intervals: [
      ...(wanted.everyMs === null ? [] : [{ every: wanted.everyMs }]),
      ...wanted.moments.map((at) => ({ every: AGES_MS, offset: at % AGES_MS })),
    ],
    timezone: wanted.timezone,
    ...(wanted.startAt === null ? {} : { startAt: new Date(wanted.startAt) }),
    ...(wanted.endAt === null ? {} : { endAt: new Date(wanted.endAt) }),
    jitter: wanted.jitterMs,
  },
  action: {
    type: 'startWorkflow' as const,
    workflowType: SCHEDULE_WORKFLOW,
    workflowId: wanted.id,
    taskQueue,
    args: [wanted.input],
  },
  policies: { overlap: POLICIES[wanted.input.overlap], catchupWindow: wanted.catchUpMs },
  state: { paused: false, note: wanted.note },
});
