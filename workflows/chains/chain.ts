import {
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  defineSignal,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  addEffort,
  cancelRun,
  type Effort,
  effortOf,
  exceeds,
  type RunError,
  START_IN_HISTORY,
  seal,
  startRun,
  type UndoEntry,
  unseal,
} from '../../graph/sandbox.ts';
import type { Kept, Segment, SegmentValue } from '../activities.ts';
import type { EachContext, EachInput, EachOutput } from '../chain-contract.ts';
import { type Enveloped, type PauseMessage, type RunSnapshot, SIGNAL_PAUSE } from '../contract.ts';
import { type OperateMessage, UPDATE_OPERATE } from '../control-contract.ts';
import { type Driver, post } from '../interpreter/base/driver.ts';
import { callStore } from '../interpreter/base/internal-activities.ts';
import { Scope } from '../interpreter/base/scope.ts';
import { keep, kept, store } from '../interpreter/base/stored.ts';
import { writeRecords } from '../interpreter/base/write-records.ts';
import { snapshotOf } from '../interpreter/carry-over.ts';
import { letGo, mustLetGo } from '../interpreter/let-go.ts';
import { drive } from '../interpreter/loop.ts';
import { resumeAll } from '../interpreter/restore.ts';
import { notOpen, operate } from '../interpreter/steps/operate.ts';
import { setPaused } from '../interpreter/steps/pause.ts';
import { openPage, visibleOf } from './page.ts';

/** Longest segment, in characters of JSON, that is passed by value. It is short because there may be thousands. */
const SEGMENT_BY_VALUE = 300;

/** What the share's finished pages have produced so far. */
interface Total {
  readonly segments: Segment[];
  readonly undo: UndoEntry[];
  readonly undoFailed: EachOutput['undoFailed'][number][];
  /** What the pages of this execution have computed: together they are one run, so they rest like one. */
  effort?: Effort;
}

/** Messages to the share from outside, and the page that they must be passed on to. */
interface Told {
  cancelled: boolean;
  pause: PauseMessage;
  page: Driver | undefined;
}

const pauseSignal = defineSignal<[PauseMessage]>(SIGNAL_PAUSE);
const operateStep = defineUpdate<void, [OperateMessage]>(UPDATE_OPERATE);

interface Page {
  readonly from: number;
  readonly items: Enveloped;
  readonly snapshot?: RunSnapshot;
}

/**
 * Runs one share of a long list, page by page, with the same reducer as the run it belongs to. Continues as new
 * whenever the server suggests it, and returns the steps that would have to be undone.
 */
export function runEach(input: EachInput): Promise<Kept<EachOutput>> {
  requireParent(input);
  const told: Told = { cancelled: false, pause: input.pause ?? { paused: false, count: 0 }, page: undefined };
  setHandler(pauseSignal, (message) => {
    if (message.count <= told.pause.count) return;
    told.pause = message;
    if (told.page) heedPause(told, told.page);
  });
  setHandler(operateStep, (message) => {
    if (!told.page) throw notOpen(message.step);
    operate(told.page, message);
  });
  CancellationScope.current().cancelRequested.catch(() => {
    const { page } = told;
    told.cancelled = true;
    // A cancel overrides a pause.
    told.pause = { ...told.pause, paused: false };
    if (page) post(page, () => cancelPage(page));
  });
  // Only the reducer decides what a cancelled loop stops, because a cancelled scope would refuse records and undo.
  return new Scope({ cancellable: false }).run(async () => keep(asDriver(input), await runShare(input, told)));
}

/** Only a run starts chains. The server says who started a workflow, so that nobody else can. */
function requireParent({ workflowId }: EachInput): void {
  if (workflowInfo().parent?.workflowId === workflowId) return;
  throw ApplicationFailure.nonRetryable('A chain of a long loop is started by its run.', 'start.invalid');
}

const cancelPage = (page: Driver): void => cancelRun(page.run, 'The loop was cancelled.');

function heedPause({ pause }: Told, page: Driver): void {
  if (page.run.state.paused !== pause.paused) setPaused(page, pause.paused);
}

async function runShare(input: EachInput, told: Told): Promise<EachOutput> {
  const { workspace } = input.parent;
  const { taken } = input.parent;
  const context = {
    ...(await kept(workspace, input.context)),
    taken: taken && (await kept(workspace, taken)),
  };
  const total = await totalOf(input);
  let { from } = input;
  let page = input.page && { ...input.page, snapshot: await kept(workspace, input.page.snapshot) };
  // A page in progress is resumed even if a cancel arrives first, because the steps in it have to be stopped.
  while (page || (from < input.to && !told.cancelled)) {
    const current: Page = page ?? { from, ...(await loadPage(input, from)) };
    page = undefined;
    const driver = openPage(input, context, current);
    told.page = driver;
    if (current.snapshot) resumeAll(driver);
    else startPage(driver, context, total);
    heedPause(told, driver);
    if (told.cancelled) cancelPage(driver);
    while ((await drive(driver)) === 'continue') await carryOver(driver, { ...input, from }, total, current, told);
    told.page = undefined;
    if (mustLetGo(driver)) await letGo();
    await flush(driver);
    const { state } = driver.run;
    total.effort = effortOf(driver.run);
    const root = state.frames[input.frameKey]!;
    total.undo.push(...root.undo);
    total.undoFailed.push(...root.undoFailed);
    if (state.error) return pack(total, state.error);
    const { results, errors } = state.output as SegmentValue;
    total.segments.push(await segmentOf(driver, { results, errors }));
    from = current.from + results.length;
    if (from < input.to && (state.draining || workflowInfo().continueAsNewSuggested)) {
      const done = await keep(driver, pack(total));
      const next = await fitting(driver, { ...input, from, done, page: undefined });
      // A pause that arrived while this was being stored is passed on. A cancel would be lost, so it is handled here.
      if (!told.cancelled) await continueAsNew<typeof runEach>({ ...next, pause: told.pause });
    }
  }
  return pack(total, told.cancelled ? cancelledError(context) : undefined);
}

/** Completions are numbered continuously across pages, because undo needs their order. */
function startPage({ run }: Driver, context: EachContext, { undo, effort }: Total): void {
  run.state.seq = undo.reduce((next, { seq }) => Math.max(next, seq + 1), 0);
  if (effort) addEffort(run, effort);
  startRun(run, visibleOf(context));
}

async function totalOf({ done, parent }: EachInput): Promise<Total> {
  if (!done) return { segments: [], undo: [], undoFailed: [] };
  const { segments, undo, undoFailed } = await kept(parent.workspace, done);
  return { segments: [...segments], undo: unseal(undo) as UndoEntry[], undoFailed: [...undoFailed] };
}

const pack = ({ segments, undo, undoFailed }: Total, error?: RunError): EachOutput => ({
  segments,
  undo: seal(undo),
  undoFailed,
  ...(error ? { error } : {}),
});

const cancelledError = ({ node }: EachContext): RunError => ({
  code: 'cancelled',
  message: 'The loop was cancelled.',
  step: node.id,
  node: node.id,
  attempts: 0,
  unknown: false,
});

const loadPage = ({ parent, list, to }: EachInput, from: number): Promise<{ items: Enveloped }> =>
  callStore('blokPage', { workspace: parent.workspace, ref: list, from, to });

async function segmentOf({ input }: Driver, value: SegmentValue): Promise<Segment> {
  const { workspace, runId } = input;
  const sealed = seal(value);
  if (!sealed.refs && JSON.stringify(value).length <= SEGMENT_BY_VALUE) return { value };
  const { sha256, size } = await callStore('blokStore', { workspace, runId, value: sealed, enveloped: true });
  return { blob: { sha256, size } };
}

async function flush(driver: Driver): Promise<void> {
  if (driver.run.state.ended.length > 0) await writeRecords(driver);
}

async function carryOver(driver: Driver, next: EachInput, total: Total, page: Page, told: Told): Promise<void> {
  await flush(driver);
  const done = await keep(driver, pack(total));
  if (driver.inbox.length > 0) return;
  const snapshot = await keep(driver, snapshotOf(driver));
  const { from, items } = page;
  const fits = await fitting(driver, { ...next, done, page: { from, items, snapshot } });
  // Completions that arrived while the snapshot was being stored are not in it: settle them first, then try again.
  if (driver.inbox.length > 0) return;
  await continueAsNew<typeof runEach>({ ...fits, pause: told.pause });
}

/**
 * Stores parts of the next input until the rest fits in one payload: first the parts that change with each execution.
 */
async function fitting(driver: Driver, whole: EachInput): Promise<EachInput> {
  let next = whole;
  const { page, done } = next;
  if (page && exceeds(next, START_IN_HISTORY))
    next = { ...next, page: { ...page, snapshot: await stored(driver, page.snapshot) } };
  if (done && exceeds(next, START_IN_HISTORY)) next = { ...next, done: await stored(driver, done) };
  if (exceeds(next, START_IN_HISTORY)) next = { ...next, context: await stored(driver, next.context) };
  return next;
}

const stored = async <T>(driver: Driver, from: Kept<T>): Promise<Kept<T>> =>
  'blob' in from ? from : { blob: await store(driver, from.value) };

const asDriver = ({ parent }: EachInput): Pick<Driver, 'input'> => ({ input: parent });
