/** Firings of schedules, and watches, whose histories are recorded. A script answers what they ask for. */
import type { WorkflowHandle } from '@temporalio/client';
import { createSigner, parseKeyring } from '../../db/index.ts';
import { type GraphWorker, idOf, signed, TEST_KEY, WORKSPACE } from '../../worker/testing/graph-worker.ts';
import type {
  Fired,
  FireInput,
  PollAnswer,
  PolledPage,
  ScheduledInput,
  ScheduledRun,
} from '../../workflows/activities.ts';
import {
  SCHEDULE_WORKFLOW,
  type ScheduleInput,
  SIGNAL_HINT,
  WATCH_WORKFLOW,
  type WatchInput,
  workflowType,
} from '../../workflows/contract.ts';
import { expect } from './expect.ts';

/** One recording. Its name is that of the trigger. */
export interface TriggerCase {
  readonly name: string;
  /** What each look of a watch comes to; after the last one, the trigger is gone. */
  readonly looks?: readonly PollAnswer[];
  /** What each start of an item comes to, as long as it is not `started`. */
  readonly fired?: Readonly<Record<string, Fired>>;
  /** What a firing of a schedule comes to: the run of this graph, or no run. */
  readonly scheduled?: { readonly graph: string } | Exclude<ScheduledRun, { outcome: 'ready' }>;
  readonly overlap?: ScheduleInput['overlap'];
  /** What is done to the workflow from outside. */
  readonly act?: (handle: WorkflowHandle) => Promise<unknown>;
  /** Recorded on a server that suggests continue-as-new early. */
  readonly short?: boolean;
}

const MARK = 'mark';
const found = (items: PolledPage['items'], change: Partial<PolledPage> = {}): PollAnswer => ({
  outcome: 'found',
  page: {
    items,
    place: { cursor: { value: items.length }, mark: MARK },
    more: false,
    everyMs: 100,
    skipsWhileOff: false,
    ...change,
  },
});
const item = (key: string) => ({ key, value: { id: key } });
const ROUND = { uses: 'wait', with: { for: '100ms' } };
const graphOf = (node: object): string => JSON.stringify({ blok: 1, name: 'fired', nodes: { a: node } });

const events = async (handle: WorkflowHandle) => (await handle.fetchHistory()).events!;
const hasBegun = (handle: WorkflowHandle) =>
  expect(async () => (await events(handle)).some((each) => each.childWorkflowExecutionStartedEventAttributes));
/** Hints until the watch has ended: so it never waits for long. */
const hintOften = async (handle: WorkflowHandle): Promise<void> => {
  const isOver = () =>
    handle.signal(SIGNAL_HINT).then(
      () => false,
      () => true,
    );
  await expect(isOver);
};

export const TRIGGER_CASES: readonly TriggerCase[] = [
  { name: 'schedule', scheduled: { graph: graphOf(ROUND) } },
  { name: 'schedule-all', overlap: 'allowAll', scheduled: { graph: graphOf(ROUND) } },
  {
    name: 'schedule-cancelled',
    overlap: 'cancelOther',
    scheduled: { graph: graphOf({ uses: 'wait', with: { for: '1h' } }) },
    act: async (handle) => {
      await hasBegun(handle);
      await handle.cancel();
    },
  },
  { name: 'schedule-off', scheduled: { outcome: 'off', reason: 'It is switched off.' } },
  {
    name: 'watch',
    looks: [
      found([item('a'), { key: 'b', blob: { sha256: 'f'.repeat(64), size: 9_000 } }], { more: true }),
      found([]),
      { outcome: 'failed', everyMs: 100 },
      { outcome: 'failed', everyMs: 100, retryAfterMs: 200 },
      { outcome: 'off' },
      found([item('c'), item('d')], { skipsWhileOff: true }),
      found(Array.from({ length: 10 }, (_, index) => item(`e${index}`))),
    ],
    fired: { d: { outcome: 'off', reason: 'It is switched off.' } },
    act: hintOften,
  },
  { name: 'watch-long', looks: Array.from({ length: 14 }, (_, index) => found([item(`${index}`)])), short: true },
];

/** The activities by which a script answers, and how a case is started with it. */
export function scripted(cases: readonly TriggerCase[]) {
  const looks = new Map<string, number>();
  const caseOf = (trigger: string) => cases.find(({ name }) => name === trigger)!;
  const starts = new Map<string, ScheduledRun>();
  const activities = {
    blokSchedule: async ({ claim }: ScheduledInput): Promise<ScheduledRun> => starts.get(claim.trigger)!,
    blokScheduled: async () => undefined,
    blokPoll: async ({ claim: { trigger } }: WatchInput): Promise<PollAnswer> => {
      const look = looks.get(trigger) ?? 0;
      looks.set(trigger, look + 1);
      return caseOf(trigger).looks![look] ?? { outcome: 'gone' };
    },
    blokFire: async ({ claim: { trigger }, key }: FireInput): Promise<Fired> =>
      caseOf(trigger).fired?.[key] ?? {
        outcome: 'started',
        runId: `recorded-${key}`,
        workflowId: `default/fired/${key}`,
      },
  };
  const start = async (worker: GraphWorker, { name, scheduled, overlap = 'skip' }: TriggerCase) => {
    const signer = createSigner(parseKeyring(TEST_KEY));
    const claim = signer.signTrigger({ workspace: WORKSPACE, workflow: 'fired', trigger: name });
    const options = { workflowId: `${WORKSPACE}/fired/${name}~`, taskQueue: worker.taskQueue };
    if (scheduled === undefined)
      return worker.client.workflow.start(WATCH_WORKFLOW, { ...options, args: [{ claim } satisfies WatchInput] });
    starts.set(name, 'graph' in scheduled ? await readyOf(worker, name, scheduled.graph) : scheduled);
    const input: ScheduleInput = { claim, cron: [], timezone: 'UTC', overlap, wanted: { hash: '', revision: 1 } };
    return worker.client.workflow.start(SCHEDULE_WORKFLOW, { ...options, args: [input] });
  };
  return { activities, start };
}

async function readyOf(worker: GraphWorker, name: string, graph: string): Promise<ScheduledRun> {
  const input = await worker.prepare(graph, { runId: `recorded-${name}-run` });
  const workflowId = idOf(input);
  return { outcome: 'ready', workflowId, workflowType: workflowType(input.workflow), start: signed(input, workflowId) };
}
