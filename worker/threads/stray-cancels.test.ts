import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { expect, it } from 'vitest';
import { STRAY_CANCEL, withoutStrayCancels } from './stray-cancels.ts';

const CANCELLED = { cancelled: {} };

/** A run that answers each activation with commands, and what it has been told. */
function run(...answers: object[][]) {
  const told: unknown[] = [];
  const workflow = withoutStrayCancels({
    activate: async (activation) => {
      told.push(activation.jobs);
      return { successful: { commands: answers.shift() ?? [] } };
    },
    getAndResetSinkCalls: async () => [],
    dispose: async () => undefined,
  } satisfies Workflow);
  const tell = (jobs: object[], isReplaying = false) =>
    workflow.activate({ runId: 'r', isReplaying, jobs } as never) as Promise<object>;
  return { told, tell };
}

const resolved = (seq: number, result: object, isLocal = true) => ({ resolveActivity: { seq, isLocal, result } });

it('gives back a task that tells of a cancel which the run did not ask for', async () => {
  const { tell, told } = run();
  expect(await tell([resolved(1, { completed: {} }), resolved(2, CANCELLED)])).toEqual({
    runId: 'r',
    failed: { failure: { message: STRAY_CANCEL } },
  });
  expect(told).toEqual([]);
});

it.each([
  ['the run asked for', [resolved(7, CANCELLED)], false],
  ['is in history', [resolved(2, CANCELLED)], true],
  ['is that of a task', [resolved(2, CANCELLED, false)], false],
])('tells of a cancel that %s', async (_, jobs, isReplaying) => {
  const { tell, told } = run([{ requestCancelLocalActivity: { seq: 7 } }]);
  await tell([]);
  expect(await tell(jobs, isReplaying)).toHaveProperty('successful');
  expect(told).toEqual([[], jobs]);
});
