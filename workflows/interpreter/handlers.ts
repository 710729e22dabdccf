import {
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import {
  answerWait,
  cancelRun,
  clashes,
  decide,
  hasEnded,
  isFull,
  type Json,
  openSteps,
  openWaits,
  type Run,
  type RunStatus,
  receive,
  type StepRecord,
  seal,
} from '../../graph/sandbox.ts';
import {
  type ApproveMessage,
  type EventMessage,
  QUERY_ASK,
  type RunView,
  SIGNAL_EVENT,
  UPDATE_APPROVE,
  UPDATE_PAUSE,
  UPDATE_RESUME,
  UPDATE_TELL,
} from '../contract.ts';
import { type OperateMessage, UPDATE_OPERATE } from '../control-contract.ts';
import { type Driver, post } from './base/driver.ts';
import { operate } from './steps/operate.ts';
import { setPaused } from './steps/pause.ts';
import { noteWaits } from './steps/waits.ts';

const event = defineSignal<[EventMessage]>(SIGNAL_EVENT);
const tell = defineUpdate<boolean, [EventMessage]>(UPDATE_TELL);
const approve = defineUpdate<void, [ApproveMessage]>(UPDATE_APPROVE);
const pause = defineUpdate<void, []>(UPDATE_PAUSE);
const resume = defineUpdate<void, []>(UPDATE_RESUME);
const operateStep = defineUpdate<void, [OperateMessage]>(UPDATE_OPERATE);
const ask = defineQuery<RunView>(QUERY_ASK);

/**
 * Handles messages from outside from the first activation on, because a message without a handler is refused and stored
 * data takes a while to load. Until the run is loaded, messages wait for it.
 *
 * Updates are recorded and answered in the same activation, so that none is pending at continue-as-new. The loop that
 * they wake carries out what follows from them.
 *
 * @returns a function that hands over the run once it is loaded
 */
export function listen(runId: string): (driver: Driver) => void {
  let driver: Driver | undefined;
  const held: ((driver: Driver) => void)[] = [];

  /** Does the work now, or as soon as the run is loaded. */
  function tellRun<T>(work: (driver: Driver) => T): T | Promise<T> {
    if (driver) return work(driver);
    return new Promise((resolve, reject) => {
      held.push((loaded) => {
        try {
          resolve(work(loaded));
        } catch (refusal) {
          reject(refusal);
        }
      });
    });
  }

  const refuseAtOnce = (check: (driver: Driver) => void): void => driver && check(driver);

  setHandler(event, (message) =>
    tellRun((to) => post(to, () => void receive(to.run, { ...message, key: message.key ?? null, told: false }))),
  );
  setHandler(tell, (message) => tellRun((to) => toldRun(to, message)), {
    validator: (message: EventMessage) => refuseAtOnce((to) => refuseUnawaited(to, message)),
  });
  setHandler(approve, (message) => tellRun((to) => approveStep(to, message)), {
    validator: (message) => refuseAtOnce((to) => refuseIdle(to, message)),
  });
  setHandler(pause, () => tellRun(pauseIt), { validator: () => refuseAtOnce(refuseEnded) });
  setHandler(resume, () => tellRun(resumeIt), { validator: () => refuseAtOnce(refuseEnded) });
  setHandler(operateStep, (message) => tellRun((to) => operateOpen(to, message)), {
    validator: (_message: OperateMessage) => refuseAtOnce(refuseEnded),
  });
  setHandler(ask, () => (driver ? viewOf(driver) : { runId, status: 'running', steps: [], waits: [] }));
  CancellationScope.current().cancelRequested.catch(() =>
    tellRun((to) => post(to, () => cancelRun(to.run, 'The run was cancelled.'))),
  );

  return (loaded) => {
    driver = loaded;
    for (const take of held.splice(0)) take(loaded);
  };
}

const nudge = (driver: Driver): void => post(driver, () => undefined);

function toldRun(driver: Driver, message: EventMessage): boolean {
  const { run } = driver;
  refuseEnded(driver);
  run.now = Date.now();
  const { step, ...said } = message;
  const event = { ...said, key: message.key ?? null };
  const taken = step === undefined ? receive(run, { ...event, told: true }) : answerWait(run, step, event);
  nudge(driver);
  if (step !== undefined && !taken) throw notAwaited(step);
  if (!taken && clashes(run, message))
    throw ApplicationFailure.nonRetryable(`Another event came under the id ${message.id}.`, 'event.known');
  return taken;
}

function approveStep(driver: Driver, { step, decision, by, comment, values }: ApproveMessage): void {
  const { run } = driver;
  run.now = Date.now();
  const at = new Date(run.now).toISOString();
  const taken = decide(run, step, { decision, by, comment: comment ?? null, values: values ?? null, at });
  nudge(driver);
  if (!taken) throw notWaiting(step);
}

function pauseIt(driver: Driver): void {
  refuseEnded(driver);
  noteWaits(driver, []);
  setPaused(driver, true);
}

function resumeIt(driver: Driver): void {
  refuseEnded(driver);
  noteWaits(driver, []);
  setPaused(driver, false);
}

function operateOpen(driver: Driver, message: OperateMessage): void {
  refuseEnded(driver);
  operate(driver, message);
}

const viewOf = (driver: Driver): RunView => {
  const { run } = driver;
  return {
    runId: driver.input.runId,
    status: statusOf(run),
    steps: bounded([...run.state.ended, ...openSteps(run)]),
    waits: openWaits(run),
    ...toldResponse(run.state.response),
  };
};

function toldResponse(response: Json | null): { response?: Json } {
  const { value, refs } = seal(response);
  return refs ? {} : { response: value as Json };
}

function statusOf(run: Run): RunStatus {
  if (hasEnded(run)) return run.state.status;
  if (run.state.paused) return 'paused';
  return openWaits(run).length > 0 ? 'waiting' : 'running';
}

function refuseIdle(driver: Driver, { step }: ApproveMessage): void {
  refuseEnded(driver);
  if (!waitsAt(driver, step, 'approval')) throw notWaiting(step);
}

function refuseUnawaited(driver: Driver, { step }: EventMessage): void {
  refuseEnded(driver);
  if (step === undefined && isFull(driver.run)) throw full();
  if (step !== undefined && !waitsAt(driver, step, 'event')) throw notAwaited(step);
}

const waitsAt = (driver: Driver, step: string, kind: 'approval' | 'event'): boolean =>
  openWaits(driver.run).some((wait) => wait.step === step && wait.kind === kind);

const notWaiting = (step: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`No approval waits at ${step}.`, 'approval.notWaiting');

const notAwaited = (step: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`No event is awaited at ${step}.`, 'event.notWaiting');

const full = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('The run holds as many values as it may; it keeps no further event.', 'run.tooLarge');

function refuseEnded(driver: Driver): void {
  if (hasEnded(driver.run)) throw ApplicationFailure.nonRetryable('The run has ended.', 'run.ended');
}

/**
 * Most JSON, in characters, that inputs and outputs may add to one answer: a larger answer would not reach the caller.
 */
const ANSWER = 1_000_000;

/** Steps with as many of their values as fit; the newest steps take precedence. */
function bounded(steps: readonly StepRecord[]): StepRecord[] {
  let left = ANSWER;
  return steps
    .toReversed()
    .map((step) => {
      const size = JSON.stringify([step.input, step.output]).length;
      if (size <= left) {
        left -= size;
        return step;
      }
      const { input: _input, output: _output, ...bare } = step;
      return bare;
    })
    .reverse();
}
