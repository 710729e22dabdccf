import { ApplicationFailure, type Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { patiently } from '../../db/index.ts';
import type { EffectFailure } from '../../workflows/contract.ts';
import { patienceOfActivity } from '../base/patience.ts';
import { claimsOf } from './claim.ts';
import type { Guard } from './guard.ts';

/** Refuses an activity before anything is done, unless it acts for the run that asks for it. */
export const guardActivities =
  (guard: Guard) =>
  ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      execute: async ({ args, headers }, next) => {
        const { short, whole } = claimsOf(info, headers);
        const call = {
          type: info.activityType,
          input: args[0],
          workflowId: info.workflowExecution?.workflowId ?? '',
          claim: short ?? whole,
        };
        const allowed = call.claim ? guard(call) : patiently(async () => guard(call), patienceOfActivity());
        if (allowed === true || (await allowed)) return next({ args, headers });
        throw refusal(info.attempt);
      },
    },
  });

function refusal(attempt: number): ApplicationFailure {
  const at = new Date().toISOString();
  const details: EffectFailure = {
    code: 'run.unsigned',
    message: MESSAGE,
    unknown: false,
    retryable: false,
    meta: { attempt, startedAt: at, endedAt: at },
  };
  return ApplicationFailure.create({ message: MESSAGE, type: details.code, nonRetryable: true, details: [details] });
}

const MESSAGE =
  'Nothing was done, because Blok did not start this run, or started it under a secret key that this worker does not ' +
  'have. API and workers need the same BLOK_SECRET_KEY; after a change of the key, keep the old one behind the new one ' +
  '("new,old") until all runs have ended.';
