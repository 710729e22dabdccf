import { Context } from '@temporalio/activity';
import type { TriggerActivities } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { fire } from './fire.ts';

/** What the workflows call that watch for triggers. */
export const createTriggerActivities = (deps: ActivityDeps): TriggerActivities => ({
  blokFire: (input) => fire(deps, input, Context.current().info.taskQueue),
});
