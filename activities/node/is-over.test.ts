import { CancelledFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { NodeError } from '../../integrations/error.ts';
import { RUN_ENDED } from '../base/run-ends.ts';
import { isOver } from './is-over.ts';

const info = { workflowExecution: { workflowId: 'w', runId: 'r' }, activityId: 'ask' };
const timeout = (retryable: boolean) => new NodeError('timeout', 'It took too long.', { unknown: true, retryable });

/** A Temporal that says this about the run. */
const temporalOf = (status: string, ...pending: string[]): Client => {
  const raw = { pendingActivities: pending.map((activityId) => ({ activityId })) };
  const describe = async () => ({ status: { name: status }, raw });
  return { workflow: { getHandle: () => ({ describe }) } } as unknown as Client;
};
const away = {
  workflow: { getHandle: () => ({ describe: () => Promise.reject(new Error('away')) }) },
} as unknown as Client;
const running = temporalOf('RUNNING', 'ask');

it.each<[string, boolean, unknown, Client, boolean]>([
  ['a step that runs', false, undefined, running, false],
  ['a step that is cancelled', true, new CancelledFailure('CANCELLED'), running, true],
  ['a step whose whole time is up', true, timeout(false), running, true],
  ['an attempt whose time is up', true, timeout(true), running, false],
  ['a worker that stops', true, new CancelledFailure('WORKER_SHUTDOWN'), running, false],
  ['a step that begins anew', true, new CancelledFailure('RESET'), running, false],
  ['an attempt that Temporal has given up', true, new CancelledFailure('NOT_FOUND'), running, false],
  ['a step of a run that has ended', true, new CancelledFailure('NOT_FOUND'), temporalOf('FAILED', 'ask'), true],
  ['a step that is left of a run that has ended', true, RUN_ENDED, running, true],
  ['a step that its run does without', true, new CancelledFailure('NOT_FOUND'), temporalOf('RUNNING', 'other'), true],
  ['an attempt that is given up while nobody can say more', true, new CancelledFailure('NOT_FOUND'), away, false],
])('knows of %s whether it is over', async (_, aborted, reason, temporal, over) => {
  expect(await isOver({ temporal, info }, { aborted, reason })).toBe(over);
});
