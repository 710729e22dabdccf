import { Context } from '@temporalio/activity';
import type { TriggerActivities } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { keepAlive } from '../base/heartbeat.ts';
import { fire } from './fire.ts';
import { poll } from './poll.ts';
import { countScheduled, prepareScheduled } from './scheduled.ts';

/** What the workflows call that watch for triggers. */
export const createTriggerActivities = (deps: ActivityDeps): TriggerActivities => ({
  blokFire: (input) => alive(() => fire(deps, input, Context.current().info.taskQueue)),
  blokPoll: (input) => alive(() => poll(deps, input)),
  blokSchedule: (input) => prepareScheduled(deps, input),
  blokScheduled: (input) => countScheduled(deps, input),
});

async function alive<T>(work: () => Promise<T>): Promise<T> {
  const stop = keepAlive();
  try {
    return await work();
  } finally {
    stop();
  }
}
