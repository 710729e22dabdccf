import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { type PauseMessage, SIGNAL_PAUSE } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';

/** Cancels a workflow that this run started. Temporal abandons these workflows, so Blok stops them itself. */
export function cancelExternal(driver: Driver, workflowId: string): void {
  send(driver, getExternalWorkflowHandle(workflowId).cancel());
}

/** Tells a chain of a long loop whether it is paused. */
export function pauseExternal(driver: Driver, workflowId: string, message: PauseMessage): void {
  send(driver, getExternalWorkflowHandle(workflowId).signal(SIGNAL_PAUSE, message));
}

/** The server drops a message if its sender closes or continues as new before delivery, so both wait for delivery. */
function send(driver: Driver, message: Promise<void>): void {
  driver.outbox++;
  message
    .catch(() => undefined) // The other workflow has ended already.
    .then(() =>
      post(driver, () => {
        driver.outbox--;
      }),
    );
}
