import type { OperateMessage } from '../../workflows/contract.ts';
import { type ApproveMessage, type EventMessage, type RunView, watchWorkflowId } from '../../workflows/contract.ts';
import {
  type RunActivity,
  type RunOutcome,
  type Runs,
  RunsError,
  type StartRun,
  type StepActivities,
  type WantedSchedule,
  type WatchedTrigger,
} from '../runs-port.ts';

/** A run as the fake Temporal keeps it. */
export interface FakeRun {
  readonly start: StartRun;
  readonly temporalRunId: string;
  outcome: RunOutcome | null;
  view: RunView | null;
  readonly events: EventMessage[];
  readonly told: EventMessage[];
  /** Ids of updates taken: a repeated one changes nothing, as on the server. */
  readonly updates: Set<string>;
  readonly approvals: (ApproveMessage & { updateId?: string })[];
  readonly cancels: (string | undefined)[];
  readonly operated: OperateMessage[];
  /** What was done to its activities: `pause charge`. */
  readonly actions: string[];
  activities: RunActivity[];
  paused: boolean;
}

/** A schedule as the fake Temporal keeps it. */
export interface FakeSchedule {
  readonly wanted: WantedSchedule;
  readonly pausedBy: string | null;
  readonly backfills: { from: number; to: number; overlap: string }[];
}

/** Temporal at the port, in memory: ids are unique forever, and runs end when the test says so. */
export interface FakeRuns extends Runs {
  readonly all: Map<string, FakeRun>;
  /** Workflows that watch for triggers, by id, and how often each was told to look. */
  readonly watching: Map<string, number>;
  /** Schedules by id. */
  readonly scheduled: Map<string, FakeSchedule>;
  /** Runs that were told to ask for their place again, by workflow id. */
  readonly askedAgain: string[];
  /** The run started last. */
  last(): FakeRun;
  /** Makes every call fail as if the server were unavailable. */
  down: boolean;
  /** Called for each start, before it is accepted. */
  onStart: ((start: StartRun) => void) | undefined;
}

export function fakeRuns(): FakeRuns {
  const all = new Map<string, FakeRun>();
  const known = (workflowId: string): FakeRun => {
    if (fake.down) throw new RunsError('temporal.unavailable', 'down');
    const run = all.get(workflowId);
    if (!run) throw new RunsError('run.notFound', 'no such run');
    return run;
  };
  const scheduled = new Map<string, FakeSchedule>();
  const scheduledNow = () => {
    if (fake.down) throw new RunsError('temporal.unavailable', 'down');
    return scheduled;
  };
  const open = (workflowId: string): FakeRun => {
    const run = known(workflowId);
    if (run.outcome) throw new RunsError('run.ended', 'ended');
    return run;
  };
  const watching = new Map<string, number>();
  const look = (trigger: WatchedTrigger): void => {
    if (fake.down) throw new RunsError('temporal.unavailable', 'down');
    watching.set(watchWorkflowId(trigger), (watching.get(watchWorkflowId(trigger)) ?? 0) + 1);
  };
  const fake: FakeRuns = {
    all,
    askedAgain: [],
    watching,
    watch: async (claim) => look(claim),
    hint: async (trigger) => {
      const isThere = watching.has(watchWorkflowId(trigger));
      if (isThere) look(trigger);
      return isThere;
    },
    unwatch: async (trigger) => watching.delete(watchWorkflowId(trigger)),
    scheduled,
    schedules: {
      put: async (wanted) => {
        const backfills = scheduledNow().get(wanted.id)?.backfills ?? [];
        scheduled.set(wanted.id, { wanted, pausedBy: null, backfills });
      },
      pause: async (id, note) => {
        const known = scheduledNow().get(id);
        if (known) scheduled.set(id, { ...known, pausedBy: note });
      },
      remove: async (id) => void scheduledNow().delete(id),
      backfill: async (id, range) => {
        const known = scheduledNow().get(id);
        known?.backfills.push(range);
        return known !== undefined;
      },
    },
    down: false,
    onStart: undefined,
    last: () => [...all.values()].at(-1)!,
    start: async (start) => {
      if (fake.down) throw new RunsError('temporal.unavailable', 'down');
      fake.onStart?.(start);
      if (all.has(start.workflowId)) return { duplicate: true };
      const temporalRunId = `t${all.size + 1}`;
      // What crosses the wire to Temporal is JSON.
      const sent = JSON.parse(JSON.stringify(start)) as StartRun;
      all.set(start.workflowId, {
        start: sent,
        temporalRunId,
        outcome: null,
        view: null,
        events: [],
        told: [],
        updates: new Set(),
        approvals: [],
        cancels: [],
        operated: [],
        actions: [],
        activities: [],
        paused: false,
      });
      return { duplicate: false, temporalRunId };
    },
    describe: async (workflowId) => {
      if (fake.down) throw new RunsError('temporal.unavailable', 'down');
      const run = all.get(workflowId);
      if (!run) return null;
      const startedAt = run.start.input.startedAt ?? '2026-01-01T00:00:00.000Z';
      const closedAt = run.outcome ? '2026-01-02T00:00:00.000Z' : null;
      return {
        temporalRunId: run.temporalRunId,
        open: !run.outcome,
        startedAt,
        closedAt,
        bodyHash: run.start.bodyHash,
      };
    },
    ask: async (workflowId) => {
      const { view, start, paused } = known(workflowId);
      if (view) return view;
      if (paused) return { runId: start.input.runId, status: 'paused', steps: [], waits: [] };
      throw new RunsError('worker.unavailable', 'no worker');
    },
    result: async (workflowId) => known(workflowId).outcome,
    cancel: async (workflowId, reason) => {
      const run = known(workflowId);
      run.cancels.push(reason);
      return !run.outcome;
    },
    event: async (workflowId, event) => {
      const run = known(workflowId);
      run.events.push(event);
      return !run.outcome;
    },
    tell: async (workflowId, event, updateId = event.id) => {
      const run = open(workflowId);
      if (run.updates.has(updateId)) return;
      if (event.step !== undefined && run.told.some((made) => made.step === event.step))
        throw new RunsError('update.refused', 'No event is awaited.', { type: 'event.notWaiting' });
      if (run.told.some(({ id, digest }) => id === event.id && digest !== event.digest))
        throw new RunsError('update.refused', 'Another event came under the id.', { type: 'event.known' });
      run.updates.add(updateId);
      run.told.push(event);
    },
    approve: async (workflowId, message, updateId) => {
      const run = open(workflowId);
      if (updateId !== undefined && run.updates.has(updateId)) return;
      if (run.approvals.some((made) => made.step === message.step))
        throw new RunsError('update.refused', 'No approval waits.', { type: 'approval.notWaiting' });
      if (updateId !== undefined) run.updates.add(updateId);
      run.approvals.push({ ...message, ...(updateId && { updateId }) });
    },
    askAgain: async (workflowId) => {
      if (fake.down) throw new RunsError('temporal.unavailable', 'down');
      fake.askedAgain.push(workflowId);
      return true;
    },
    operate: async (workflowId, message) => {
      const run = open(workflowId);
      if (run.operated.some(({ id }) => id === message.id)) return;
      if (!run.view?.steps.some(({ path }) => path === message.step))
        throw new RunsError('update.refused', `No step ${message.step} of this run is running or waiting.`, {
          type: 'step.notOpen',
        });
      run.operated.push(message);
    },
    terminate: async (workflowId, reason) => {
      const run = known(workflowId);
      if (run.outcome) return false;
      const error = { code: 'terminated', message: reason, step: '', node: '', attempts: 0, unknown: true };
      run.outcome = { status: 'terminated', output: null, error };
      return true;
    },
    endedFromOutside: async () =>
      [...all].flatMap(([id, { outcome }]) => (outcome?.status === 'terminated' ? [id] : [])),
    called: async (workflowId) => [...all.keys()].filter((id) => id.startsWith(`${workflowId}/`)),
    startOf: async (workflowId) => all.get(workflowId)?.start.input ?? null,
    activities: fakeActivities(known),
    pause: async (workflowId) => {
      open(workflowId).paused = true;
    },
    resume: async (workflowId) => {
      open(workflowId).paused = false;
    },
    health: async () => ({ temporal: !fake.down, worker: !fake.down }),
    version: async () => (fake.down ? null : '1.32.0'),
    queues: async () => {
      if (fake.down) throw new RunsError('temporal.unavailable', 'down');
      const idle = { waiting: 0, oldestMs: 0, addedPerSecond: 0, takenPerSecond: 0 };
      const workers = [{ identity: '1@machine', lastSeenAt: '2026-01-01T00:00:00.000Z' }];
      return [{ name: 'blok', of: 'steps', ...idle, workers }];
    },
    close: async () => {},
  };
  return fake;
}

/** Activities as a test has put them there; what is done to them is noted. */
function fakeActivities(known: (workflowId: string) => FakeRun): StepActivities {
  const act = (what: string) => async (workflowId: string, id: string) => {
    const run = known(workflowId);
    if (!run.activities.some((each) => each.id === id)) throw new RunsError('step.notOpen', 'no such activity');
    run.actions.push(`${what} ${id}`);
    const isPaused = what === 'pause' ? true : what === 'unpause' ? false : undefined;
    if (isPaused === undefined) return;
    run.activities = run.activities.map((each) => (each.id === id ? { ...each, paused: isPaused } : each));
  };
  return {
    pending: async (workflowId) => known(workflowId).activities,
    pause: act('pause'),
    unpause: act('unpause'),
    reset: act('reset'),
    change: act('change'),
  };
}
