import {
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import {
  cancelRun,
  decide,
  hasEnded,
  openSteps,
  openWaits,
  pauseRun,
  receive,
  resumeRun,
  type StepRecord,
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
import { type Driver, post } from './driver.ts';
import { noteWaits } from './waits.ts';

const event = defineSignal<[EventMessage]>(SIGNAL_EVENT);
const tell = defineUpdate<boolean, [EventMessage]>(UPDATE_TELL);
const approve = defineUpdate<void, [ApproveMessage]>(UPDATE_APPROVE);
const pause = defineUpdate<void, []>(UPDATE_PAUSE);
const resume = defineUpdate<void, []>(UPDATE_RESUME);
const ask = defineQuery<RunView>(QUERY_ASK);

/**
 * Answers to the outside. Updates record and answer in the same activation, so that none is pending at
 * continue-as-new; what they set going is carried out by the loop they wake.
 */
export function listen(driver: Driver): void {
  const { run } = driver;
  const nudge = (): void => post(driver, () => undefined);

  setHandler(event, (message) =>
    post(driver, () => void receive(run, { ...message, key: message.key ?? null, told: false })),
  );

  setHandler(
    tell,
    (message: EventMessage) => {
      run.now = Date.now();
      const fresh = receive(run, { ...message, key: message.key ?? null, told: true });
      nudge();
      return fresh;
    },
    { validator: (_message: EventMessage) => refuseEnded(driver) },
  );

  setHandler(
    approve,
    ({ step, decision, by, comment, values }) => {
      run.now = Date.now();
      const at = new Date(run.now).toISOString();
      const taken = decide(run, step, { decision, by, comment: comment ?? null, values: values ?? null, at });
      nudge();
      if (!taken) throw notWaiting(step);
    },
    {
      validator: ({ step }) => {
        refuseEnded(driver);
        if (!openWaits(run).some((wait) => wait.step === step && wait.kind === 'approval')) throw notWaiting(step);
      },
    },
  );

  setHandler(
    pause,
    () => {
      pauseRun(run);
      noteWaits(driver, []);
      nudge();
    },
    { validator: () => refuseEnded(driver) },
  );

  setHandler(
    resume,
    () => {
      run.now = Date.now();
      resumeRun(run);
      noteWaits(driver, []);
      nudge();
    },
    { validator: () => refuseEnded(driver) },
  );

  setHandler(ask, () => ({
    runId: driver.input.runId,
    status: hasEnded(run)
      ? run.state.status
      : run.state.paused
        ? 'paused'
        : openWaits(run).length > 0
          ? 'waiting'
          : 'running',
    steps: bounded([...run.state.ended, ...openSteps(run)]),
    waits: openWaits(run),
    response: run.state.response,
  }));

  CancellationScope.current().cancelRequested.catch(() => post(driver, () => cancelRun(run, 'The run was cancelled.')));
}

const notWaiting = (step: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`No approval waits at ${step}.`, 'approval.notWaiting');

function refuseEnded(driver: Driver): void {
  if (hasEnded(driver.run)) throw ApplicationFailure.nonRetryable('The run has ended.', 'run.ended');
}

/** Most JSON, in characters, that inputs and outputs may add to one answer: a larger one would not reach the caller. */
const ANSWER = 1_000_000;

/** Steps with their values as far as they fit, the newest first to keep theirs. */
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
