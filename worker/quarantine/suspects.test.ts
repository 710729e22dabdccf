import type { Info } from '@temporalio/activity';
import { expect, it } from 'vitest';
import { createSuspects } from './suspects.ts';

const info = (attempt: number): Info =>
  ({ attempt, activityId: 'step', workflowExecution: { workflowId: 'w', runId: 'r' } }) as Info;

/** Suspects, where Temporal says that the last attempt ended like this. */
function suspects(lastFailure: object | undefined) {
  const asked = { times: 0 };
  const describe = async () => {
    asked.times++;
    return { raw: { pendingActivities: [{ activityId: 'step', lastFailure }] } };
  };
  return { asked, ...createSuspects({ workflow: { getHandle: () => ({ describe }) } } as never) };
}

const LOST = { timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_HEARTBEAT' } };
const REFUSED = { applicationFailureInfo: { type: 'http.503' } };

it('suspects a step whose worker was lost, from the third attempt on', async () => {
  const { begins, asked } = suspects(LOST);
  expect(await begins(info(1), {})).toBe(false);
  expect(asked.times).toBe(0);
  expect(await suspects(LOST).begins(info(2), {})).toBe(false);
  expect(await suspects(LOST).begins(info(3), {})).toBe(true);
  expect(await suspects(LOST).begins(info(2), { attemptsBefore: 1 })).toBe(true);
});

it('does not suspect a step whose last attempt failed', async () => {
  expect(await suspects(REFUSED).begins(info(3), {})).toBe(false);
  expect(await suspects(undefined).begins(info(3), {})).toBe(false);
});

it('does not suspect a step whose last attempt was too slow in this very process', async () => {
  const { begins, asked } = suspects(LOST);
  await begins(info(2), {});
  expect(await begins(info(3), {})).toBe(false);
  expect(asked.times).toBe(0);
  // The fourth was begun in another process.
  expect(await begins(info(5), {})).toBe(true);
});

it('suspects a step that has used up its attempts, the last of which was lost', async () => {
  expect(await suspects(undefined).begins(info(1), { attemptsBefore: 2 })).toBe(true);
  expect(await suspects(undefined).begins(info(1), { attemptsBefore: 1 })).toBe(false);
});

it('suspects nobody while Temporal does not answer', async () => {
  const getHandle = () => ({ describe: () => Promise.reject(new Error('away')) });
  const { begins } = createSuspects({ workflow: { getHandle } } as never);
  expect(await begins(info(3), {})).toBe(false);
});
