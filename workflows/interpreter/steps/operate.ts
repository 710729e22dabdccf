import { ApplicationFailure } from '@temporalio/workflow';
import { completeWait, retryStep, type StepRefusal, skipStep, timeOutWait } from '../../../graph/sandbox.ts';
import type { OperateMessage } from '../../control-contract.ts';
import { type Driver, post } from '../base/driver.ts';

/** How many ids of requests are remembered, so that a request sent again after continue-as-new is known. */
const REMEMBERED = 100;

/** Does to a step what an operator asks for, once for each id. @throws ApplicationFailure why not */
export function operate(driver: Driver, message: OperateMessage): void {
  const { run } = driver;
  const done = run.state.operated ?? [];
  if (done.includes(message.id)) return;
  run.now = Date.now();
  const refusal = carryOut(driver, message);
  post(driver, () => undefined);
  if (refusal) throw ApplicationFailure.nonRetryable(REASONS[refusal](message.step), refusal);
  run.state.operated = [...done, message.id].slice(-REMEMBERED);
}

function carryOut({ run }: Driver, { id, do: what, step, output = null }: OperateMessage): StepRefusal | null {
  switch (what) {
    case 'retry':
      return retryStep(run, step);
    case 'skip':
      return skipStep(run, step, output);
    case 'complete':
      return completeWait(run, step, output, { id });
    default:
      return timeOutWait(run, step);
  }
}

const REASONS: Readonly<Record<StepRefusal, (step: string) => string>> = {
  'step.notOpen': (step) => `No step ${step} of this run is running or waiting.`,
  'step.notWaiting': (step) => `The step ${step} does not wait for a time, an event or a decision.`,
  'step.notRetrying': (step) => `The step ${step} does not wait for another attempt.`,
  'step.container': (step) => `The step ${step} is a container: it ends with the steps in it.`,
  'output.invalid': (step) => `The output names no port by which ${step} can leave.`,
};

/** The refusal to do something to a step that is not running here. */
export const notOpen = (step: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(REASONS['step.notOpen'](step), 'step.notOpen');
