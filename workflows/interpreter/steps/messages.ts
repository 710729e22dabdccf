import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { type PauseMessage, SIGNAL_PAUSE } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';

/** Cancels a workflow this run started: such workflows are abandoned by Temporal's rules and stopped by ours. */
export function cancelExternal(driver: Driver, workflowId: string): void {
  send(driver, getExternalWorkflowHandle(workflowId).cancel());
}

/** Tells a chain of a long loop whether it is paused. */
export function pauseExternal(driver: Driver, workflowId: string, message: PauseMessage): void {
  send(driver, getExternalWorkflowHandle(workflowId).signal(SIGNAL_PAUSE, message));
}

/** The server drops a message whose sender has closed or gone on before it was delivered: such ends wait for it. */
function send(driver: Driver, message: Promise<void>): void {
  driver.outbox++;
  message
    .catch(() => undefined) // The other has ended already.
    .then(() =>
      post(driver, () => {
        driver.outbox--;
      }),
    );
}
